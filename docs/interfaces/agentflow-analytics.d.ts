/** A value of a result. Whole numbers beyond 2^53 stay exact as bigint; dates and times are texts in ISO form. */
type Cell = string | number | bigint | boolean | null;
/** A row of a result, by column. */
type Row = Readonly<Record<string, Cell>>;
/** A value that a statement takes for `$1`, `$2` and so on. */
type Parameter = string | number | boolean | null;
/** How a database is opened. */
interface DuckSettings {
  /** The database file; in memory if not given. */
  readonly path?: string;
  readonly readOnly?: boolean;
  /** How many threads work on its queries; all cores if not given. */
  readonly threads?: number;
  /** How much memory it takes before it writes to `temporaryDirectory`, in MiB; 1024 if not given. */
  readonly memoryLimitMb?: number;
  readonly temporaryDirectory?: string;
}
/** The kinds of columns a dataset has; each is one SQL type that every reader of Parquet knows. */
type ColumnKind = "integer" | "money" | "real" | "text" | "date" | "flag";
/** What a column is and which values it may have; `af analytics test` holds the files to it. */
interface Column<Kind extends ColumnKind = ColumnKind> {
  readonly kind: Kind;
  readonly optional: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
}
/** What may be said of a column beyond its kind. */
interface ColumnRules {
  /** True if rows may have no value. */
  readonly optional?: boolean;
  readonly min?: number;
  readonly max?: number;
}
/** The JavaScript type in which a column's values are read; dates are texts such as "2021-12-31". */
type ValueOfKind<Kind extends ColumnKind> = Kind extends "text" | "date" ? string : Kind extends "flag" ? boolean : number;
/** A whole number of 32 bits. */
declare function integer(rules?: ColumnRules): Column<"integer">;
/** An amount with two decimals, up to 9,999,999.99. */
declare function money(rules?: ColumnRules): Column<"money">;
/** A floating point number of 64 bits. */
declare function real(rules?: ColumnRules): Column<"real">;
/** A text; with `oneOf`, one of these. */
declare function text(rules?: {
  readonly optional?: boolean;
  readonly oneOf?: readonly string[];
}): Column<"text">;
/** A calendar day. */
declare function date(rules?: {
  readonly optional?: boolean;
}): Column<"date">;
/** True or false. */
declare function flag(): Column<"flag">;
/** How a measure is computed; `column` names table and column: "sales_fact.revenue". */
type Measure<Ref extends string = string> = {
  readonly kind: "sum" | "min" | "max" | "distinct";
  readonly column: Ref;
} | {
  readonly kind: "count";
  readonly table: string;
} | {
  readonly kind: "ratio";
  readonly column: Ref;
  readonly per: Ref;
};
/**
 * Whether the measure of a whole follows from the measures of its parts. What is additive is added up, what is
 * decomposable follows from parts that are kept beside it (a ratio from its two sums, an extreme from extremes), and
 * distinct values have to be kept until the end.
 */
type Additivity = "additive" | "decomposable" | "distinct";
/** Says how partial results of a measure are combined. */
declare function additivityOf(measure: Measure): Additivity;
/** The total of a column. */
declare function sum<const Ref extends string>(column: Ref): Measure<Ref>;
/** The least value of a column. */
declare function least<const Ref extends string>(column: Ref): Measure<Ref>;
/** The greatest value of a column. */
declare function greatest<const Ref extends string>(column: Ref): Measure<Ref>;
/** How many different values a column has. Exact, and therefore the costliest measure. */
declare function distinct<const Ref extends string>(column: Ref): Measure<Ref>;
/** The number of rows of a fact table. */
declare function count(table: string): Measure<never>;
/** The total of one column per total of another: the margin is profit per revenue. Nothing where `per` is 0. */
declare function ratio<const Ref extends string>(column: Ref, per: Ref): Measure<Ref>;
/** Columns by name, in the order of the files. */
type Columns = Readonly<Record<string, Column>>;
/**
 * Slowly changing dimension of type 2: a thing has one row per version, and each version is valid from one day up to,
 * but not including, another. The open version has no end.
 */
interface Versions {
  /** The column that names the thing itself, the same in all its versions. */
  readonly of: string;
  readonly from: string;
  readonly until: string;
  /** The flag that is true in the open version. */
  readonly current: string;
}
/** The folders of a fact table: one per combination of these columns of a joined dimension table. */
interface Partitions {
  readonly table: string;
  readonly columns: readonly string[];
}
/** A table of a dataset. One with `joins` is a fact table, any other a dimension table. */
interface Table<C extends Columns = Columns> {
  readonly columns: C;
  readonly key: readonly string[];
  readonly joins: Readonly<Record<string, string>>;
  readonly versions?: Versions;
  /** The day on which a fact happened, which decides the version of the things it is about. */
  readonly day?: string;
  readonly partitions?: Partitions;
  readonly order: readonly string[];
  /** What holds for every row, as SQL by the sentence that says it. */
  readonly rules: Readonly<Record<string, string>>;
}
/** What a dimension table is declared with. */
interface DimensionSpec<C extends Columns> {
  readonly columns: C;
  /** The column that facts refer to. */
  readonly key: keyof C & string;
  readonly versions?: Versions;
  readonly rules?: Readonly<Record<string, string>>;
}
/** Declares a dimension table: the things that facts are about. Its files are ordered by its key. */
declare function dimension<const C extends Columns>(spec: DimensionSpec<C>): Table<C>;
/** What a fact table is declared with. */
interface FactSpec<C extends Columns> {
  readonly columns: C;
  readonly key: readonly (keyof C & string)[];
  /** The dimension table that each of these columns refers to. */
  readonly joins: Readonly<Partial<Record<keyof C & string, string>>>;
  readonly day: keyof C & string;
  readonly partitions: Partitions;
  /** The order of the rows in each file: what is near in time is read together. */
  readonly order: readonly (keyof C & string)[];
  readonly rules?: Readonly<Record<string, string>>;
}
/** Declares a fact table: one row per event that is counted and added up. */
declare function fact$1<const C extends Columns>(spec: FactSpec<C>): Table<C>;
/** Tables by name. */
type Tables = Readonly<Record<string, Table>>;
/** "table.column" for every column of some tables. */
type ColumnRef<T extends Tables> = { [Name in keyof T & string]: `${Name}.${keyof T[Name]["columns"] & string}` }[keyof T & string];
/** What a dataset is declared with. */
interface DatasetSpec<T extends Tables, D extends Readonly<Record<string, ColumnRef<T>>>, M extends Readonly<Record<string, Measure<ColumnRef<T>>>>> {
  readonly tables: T;
  /** What results are grouped and filtered by. */
  readonly dimensions: D;
  readonly measures: M;
  /** Dimensions from the widest to the narrowest, to drill down along. */
  readonly hierarchies: Readonly<Record<string, readonly (keyof D & string)[]>>;
}
/** A star schema with its measures: schemas of files, generators, tests and queries follow from it. */
interface DatasetModel<T extends Tables = Tables, D extends Readonly<Record<string, string>> = Readonly<Record<string, string>>, M extends Readonly<Record<string, Measure>> = Readonly<Record<string, Measure>>> {
  readonly name: string;
  readonly tables: T;
  readonly dimensions: D;
  readonly measures: M;
  readonly hierarchies: Readonly<Record<string, readonly string[]>>;
}
type KindAt<T extends Tables, Ref> = Ref extends `${infer Name}.${infer Field}` ? Name extends keyof T ? T[Name] extends Table<infer C extends Columns> ? Field extends keyof C ? C[Field] extends Column<infer Kind> ? Kind : never : never : never : never : never;
/** The JavaScript type of the values of a dimension. */
type DimensionValue<Model extends DatasetModel, Name extends keyof Model["dimensions"]> = ValueOfKind<KindAt<Model["tables"], Model["dimensions"][Name]> extends infer Kind extends ColumnKind ? [Kind] extends [never] ? ColumnKind : Kind : ColumnKind>;
/**
 * Declares a dataset. Throws DatasetError (AF_DATASET_DECLARATION) with every problem of the declaration.
 *
 * @example
 * dataset("shop", {
 *   tables: { dim_day: dimension({ ... }), sale: fact({ ... }) },
 *   dimensions: { year: "dim_day.year" },
 *   measures: { revenue: sum("sale.revenue") },
 *   hierarchies: { calendar: ["year"] },
 * });
 */
declare function dataset$1<const T extends Tables, const D extends Readonly<Record<string, ColumnRef<T>>>, const M extends Readonly<Record<string, Measure<ColumnRef<T>>>>>(name: string, spec: DatasetSpec<T, D, M>): DatasetModel<T, D, M>;
/** One test of a dataset and what came of it. */
interface DatasetCheck {
  /** What has to hold: "product_key of sales_fact is a key of dim_product". */
  readonly name: string;
  readonly table: string;
  readonly passed: boolean;
  /** What was found instead, with a file or an example; "" if it passed. */
  readonly detail: string;
}
/** What came of all tests of a dataset. */
interface DatasetReport {
  readonly directory: string;
  readonly dataset: string;
  readonly passed: boolean;
  readonly checks: readonly DatasetCheck[];
}
/**
 * Tests a dataset against its declaration and its manifest: files and checksums, keys, foreign keys, values, versions,
 * rules, statistics and folders. Damaged files, and files with other columns, are named, and nothing else is then tested. Throws DatasetError if there
 * is no dataset or its manifest is damaged.
 */
declare function checkDataset(model: DatasetModel, directory: string, settings?: DuckSettings): Promise<DatasetReport>;
/** A JSON value (RFC 8259). State, deltas and journal entries are made of these and nothing else (S17). */
type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
interface JsonObject {
  readonly [key: string]: Json;
}
/** A format in which a dataset is kept. */
type FileFormat = "parquet" | "csv";
/** A value of a column as the manifest keeps it: numbers as numbers, dates and texts as texts. */
type StatisticsValue = number | string | boolean;
/** What a file says of one of its columns. Texts may be cut, so that theirs are bounds and not values. */
interface ColumnStatistics {
  readonly min?: StatisticsValue;
  readonly max?: StatisticsValue;
  readonly nulls: number;
}
/** One file of a dataset. `path` is relative to its folder, with `/` on every system. */
interface DatasetFile {
  readonly table: string;
  readonly format: FileFormat;
  readonly path: string;
  /** The values that all its rows have in common; none for a dimension table. */
  readonly partition: Readonly<Record<string, number | string>>;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** By column; Parquet only. */
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}
/** What a dataset consists of. A file that it does not name is no part of the dataset. */
interface DatasetManifest {
  readonly version: 1;
  readonly dataset: string;
  /** Counts what was published in this folder; the first is 1. */
  readonly generation: number;
  readonly publishedAt: string;
  /** How the dataset was made, for whoever goes on with it. */
  readonly origin: JsonObject;
  readonly files: readonly DatasetFile[];
}
/** The hash of what the files hold, whatever they are called and whenever they were published. */
declare function contentHash({
  dataset,
  files
}: DatasetManifest): string;
/** A value that is filtered by. */
type FilterValue = string | number | boolean;
/** Which values of a dimension are meant: one, one of several, or those between two, both included. */
type Filter<Value extends FilterValue = FilterValue> = Value | readonly Value[] | {
  readonly from?: Value;
  readonly until?: Value;
};
/** The name of a dimension of a dataset. */
type DimensionName<Model extends DatasetModel> = keyof Model["dimensions"] & string;
/** The name of a measure of a dataset. */
type MeasureName<Model extends DatasetModel> = keyof Model["measures"] & string;
/** A measure that is computed over the rows of the answer, by a window of SQL. */
type WindowMeasure<Measure extends string = string, Dimension extends string = string> = /** The mean of this row and the `size - 1` rows before it along the dimensions, among those that share all others. */{
  readonly kind: "moving-average";
  readonly of: Measure;
  readonly size: number;
  readonly along: readonly Dimension[];
} /** The change since the value before along a dimension of whole numbers, as a fraction; nothing after a gap. */ | {
  readonly kind: "growth";
  readonly of: Measure;
  readonly along: Dimension;
} /** The place by the measure, the greatest first. Equals share a rank; a row number they do not share. */ | {
  readonly kind: "rank" | "row-number";
  readonly of: Measure;
  readonly within: readonly Dimension[];
};
/** What is asked of a dataset: measures by dimensions. */
interface Question<Model extends DatasetModel = DatasetModel, By extends DimensionName<Model> = DimensionName<Model>, Asked extends MeasureName<Model> = MeasureName<Model>, Windows extends Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>> = Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>>> {
  readonly measures: readonly Asked[];
  /** What the rows of the answer are about; one row over all if not given. */
  readonly by?: readonly By[];
  readonly where?: { readonly [Name in DimensionName<Model>]?: Filter<DimensionValue<Model, Name>> };
  readonly windows?: Windows;
  /** Only the rows whose rank, or row number, is at most `count`; `by` names the window measure. */
  readonly top?: {
    readonly by: keyof Windows & string;
    readonly count: number;
  };
  /** Names of columns of the answer, `-` before one for the greatest first; by the dimensions if not given. */
  readonly order?: readonly string[];
  readonly limit?: number;
}
/** A row of the answer. A measure has no value where it cannot be computed: a mean of nothing, growth from nothing. */
type AnswerRow<Model extends DatasetModel, By extends DimensionName<Model>, Asked extends MeasureName<Model>, Windows extends Readonly<Record<string, unknown>>> = { readonly [Name in By]: DimensionValue<Model, Name> } & { readonly [Name in Asked | (string extends keyof Windows ? never : keyof Windows & string)]: number | null };
/** Which files a question needs. */
interface PrunedFiles {
  readonly opened: readonly DatasetFile[];
  readonly skipped: readonly DatasetFile[];
}
/** How a question is answered. */
interface QuestionPlan {
  readonly sql: string;
  /** The values of `$1`, `$2` and so on. */
  readonly parameters: readonly Parameter[];
  /** The files of the fact table that are read, and those that are not. */
  readonly files: PrunedFiles;
  readonly fact: string;
  /** The window measures of the answer. */
  readonly windows: readonly string[];
}
/** What answering a question took (OLP-11). */
interface Receipt {
  /** Files of the fact table that were read, and that no row of the answer could come from. */
  readonly filesRead: number;
  readonly filesSkipped: number;
  /** Rows of the files that were read, before row groups are skipped. */
  readonly rowsInFiles: number;
  /** Row groups of those files by whether their extremes allow a matching row; only with `profile`. */
  readonly rowGroups?: {
    readonly read: number;
    readonly skipped: number;
  };
  /** Rows that the scans handed on; only with `profile`. */
  readonly rowsScanned?: number;
  /** What this process read while the question was answered, files in memory included; Linux only. */
  readonly bytesRead?: number;
  /** Time of all cores in this process meanwhile. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly resultRows: number;
}
/** A line of the query log. */
interface QueryRecord {
  readonly queryId: string;
  /** When it began, in ISO form. */
  readonly timestamp: string;
  readonly sql: string;
  readonly durationMs: number;
  readonly resultRows: number;
  /** The code of the error, if it failed. */
  readonly failed?: string;
}
/** How a dataset is opened. */
interface OpenOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** Which files are read; Parquet where there are some, if not given. */
  readonly format?: FileFormat;
  /** Takes a record of each query, also of one that failed. */
  readonly onQuery?: (record: QueryRecord) => void;
}
/** How one question is answered. */
interface AskOptions {
  /** Counts row groups and scanned rows too, which costs a little. */
  readonly profile?: boolean;
  /** False to read every file, also those in which nothing matches: what a comparison is made with. */
  readonly prune?: boolean;
  /** Which files are read; those that the dataset was opened with, if not given. */
  readonly format?: FileFormat;
}
/** The rows that answer a question, how they were found, and what it took. */
interface Answer<AnsweredRow> {
  readonly columns: readonly string[];
  readonly rows: readonly AnsweredRow[];
  readonly sql: string;
  readonly receipt: Receipt;
}
/** A dataset that is open for questions. Several may be asked at once; each has its own connection. */
declare class OpenDataset<Model extends DatasetModel = DatasetModel> implements Disposable {
  #private;
  readonly model: Model;
  readonly directory: string;
  private constructor();
  /** Opens the dataset in a folder. Throws DatasetError, ConfigError. */
  static open<Model extends DatasetModel>(model: Model, directory: string, options?: OpenOptions): Promise<OpenDataset<Model>>;
  /** What the dataset consists of, as of the last question. */
  get manifest(): DatasetManifest;
  /** The SQL of a question and the files that it would read, without reading them. Throws QueryError. */
  plan(question: Question<Model>, options?: Pick<AskOptions, "prune" | "format">): QuestionPlan;
  /** Answers a question. Throws QueryError, DatasetError. */
  ask<const By extends keyof Model["dimensions"] & string = never, const Asked extends keyof Model["measures"] & string = never, const Windows extends Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>> = Record<never, never>>(question: Question<Model, By, Asked, Windows>, options?: AskOptions): Promise<Answer<AnswerRow<Model, By, Asked, Windows>>>;
  /** The plan of DuckDB for a question, as text. */
  explain(question: Question<Model>): Promise<string>;
  /** Does a query of your own over the tables of the dataset; `$1`, `$2` and so on stand for the parameters. */
  sql(text: string, parameters?: readonly Parameter[]): Promise<Answer<Row>>;
  close(): void;
  [Symbol.dispose](): void;
}
/** How far a long work is. */
interface WorkProgress {
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly rowsPerSecond: number;
  /** The estimated time left, in seconds. */
  readonly secondsLeft: number;
}
/** Takes the progress of a long work. */
type OnProgress = (progress: WorkProgress) => void;
/** How a dataset is loaded into a database. */
interface LoadOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** The database file; one that is there is replaced when everything is loaded. */
  readonly database: string;
  /** Rows of one insert; 1,000,000 if not given. */
  readonly batchRows?: number;
  readonly workers?: number;
  readonly onProgress?: OnProgress;
}
/** What was loaded. */
interface LoadReport {
  readonly database: string;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly batches: number;
}
/**
 * Makes a DuckDB database with the tables of a dataset, and loads its files into them in parallel batches (OLP-5). The
 * database appears under its name when it is whole. Throws DatasetError, ConfigError.
 */
declare function loadDataset(model: DatasetModel, directory: string, options: LoadOptions): Promise<LoadReport>;
/** A table of cells with the names of its columns. */
interface RowTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}
/** Writes rows as CSV (RFC 4180) with a line of names; no value is an empty field. */
declare function rowsToCsv({
  columns,
  rows
}: RowTable): string;
/** Writes rows as a table of Markdown; numbers stand to the right. */
declare function rowsToMarkdown({
  columns,
  rows
}: RowTable): string;
/** What a pattern is called with; each has a default. */
interface PatternParameters {
  readonly measure?: string;
  readonly by?: readonly string[];
  readonly where?: Question["where"];
  /** Rows of the moving average. */
  readonly size?: number;
  /** Rows of each ranking. */
  readonly top?: number;
}
/** A question that is asked again and again, with what varies as parameters (OLP-10). */
interface Pattern {
  readonly describes: string;
  readonly question: (model: DatasetModel, parameters: PatternParameters) => Question;
}
/** The patterns by name. */
declare const patterns: {
  readonly totals: {
    readonly describes: "A measure by dimensions: revenue by region and year.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly "drill-down": {
    readonly describes: "A measure along the calendar: the level below the one that is filtered by (year, quarter, month, day).";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly "moving-average": {
    readonly describes: "A measure by month with the mean of the last months, per category.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly growth: {
    readonly describes: "A measure by year with its growth since the year before, per region.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly ranking: {
    readonly describes: "The first products of each quarter by a measure, with rank and row number.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
};
/** The name of a pattern. */
type PatternName = keyof typeof patterns;
/** The question of a pattern. Throws QueryError if there is no pattern of this name. */
declare function patternQuestion(model: DatasetModel, name: string, parameters?: PatternParameters): Question;
/** How Parquet files are compressed. */
type Compression = "zstd" | "snappy" | "none";
/** How files are written. */
interface FileOptions {
  readonly formats: readonly FileFormat[];
  /** `zstd` if not given: the smallest by far, and read about as fast as the others. */
  readonly compression?: Compression;
  /** Rows of a row group, the unit that is skipped or read; 122,880 if not given. At least 2,048. */
  readonly rowGroupRows?: number;
}
/** A column that sales can be partitioned by. */
type PartitionColumn = "year" | "quarter" | "month" | "day";
/** What `sales` is made of; the same values give the same bytes (OLP-2). */
interface SalesParameters {
  /** Lines in the years 2021 to 2023; up to 1,000,000,000. */
  readonly rows: number;
  /** A whole number below 2^32; 42 if not given. */
  readonly seed?: number;
  /** Customers; 1,000,000 if not given. */
  readonly customers?: number;
  /** The last month, such as "2023-12"; the last of 2023 if not given. */
  readonly until?: string;
  /** The folders of the fact table: a beginning of year, quarter, month, day; the first three if not given. */
  readonly partitionBy?: readonly PartitionColumn[];
}
/** How `sales` is generated. */
interface GenerateOptions extends SalesParameters, Partial<FileOptions> {
  /** Files written at once; one for each core, at most 8, if not given. */
  readonly workers?: number;
  readonly threads?: number;
  readonly memoryLimitMb?: number;
  readonly onProgress?: OnProgress;
}
/**
 * Appends the next month to a generated `sales` dataset, in files of its own. The dataset then holds what it would
 * hold had it been generated with that month at once. Throws DatasetError, ConfigError.
 */
declare function appendSalesMonth(directory: string, options?: Pick<GenerateOptions, "workers" | "threads" | "memoryLimitMb" | "onProgress">): Promise<DatasetManifest>;
/**
 * Generates the `sales` dataset in a folder, in place of the one that is there (OLP-2 to OLP-4). What the files hold
 * depends on the parameters alone, not on threads or workers. Memory stays bounded, whatever the rows. A failure, or
 * the end of the process, leaves the dataset of before. Throws DatasetError, ValidationError, ConfigError.
 */
declare function generateSales(directory: string, options: GenerateOptions): Promise<DatasetManifest>;
/**
 * The `sales` dataset (OLP-1): what a retailer sold, one row per line of a receipt. It is synthetic; `af analytics
 * generate` makes it.
 */
declare const sales: DatasetModel<{
  readonly dim_time: Table<{
    readonly time_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly year: Column<"integer">;
    readonly quarter: Column<"integer">;
    readonly month: Column<"integer">;
    readonly day: Column<"integer">;
    readonly is_weekend: Column<"flag">;
    readonly is_holiday: Column<"flag">;
  }>;
  readonly dim_geography: Table<{
    readonly geo_key: Column<"integer">;
    readonly region: Column<"text">;
    readonly country: Column<"text">;
    readonly state: Column<"text">;
    readonly city: Column<"text">;
    readonly lat: Column<"real">;
    readonly lon: Column<"real">;
  }>;
  readonly dim_product: Table<{
    readonly product_key: Column<"integer">;
    readonly product_id: Column<"text">;
    readonly name: Column<"text">;
    readonly category: Column<"text">;
    readonly subcategory: Column<"text">;
    readonly brand: Column<"text">;
    readonly effective_date: Column<"date">;
    readonly expiration_date: Column<"date">;
    readonly is_current: Column<"flag">;
  }>;
  readonly dim_customer: Table<{
    readonly customer_key: Column<"integer">;
    readonly customer_id: Column<"text">;
    readonly segment: Column<"text">;
    readonly channel: Column<"text">;
    readonly ltv_tier: Column<"text">;
  }>;
  readonly dim_payment: Table<{
    readonly payment_key: Column<"integer">;
    readonly payment_type: Column<"text">;
    readonly provider: Column<"text">;
    readonly fee_percent: Column<"real">;
  }>;
  readonly sales_fact: Table<{
    transaction_id: Column<"integer">;
    line_item_id: Column<"integer">;
    date: Column<"date">;
    time_key: Column<"integer">;
    geo_key: Column<"integer">;
    product_key: Column<"integer">;
    customer_key: Column<"integer">;
    payment_key: Column<"integer">;
    quantity: Column<"integer">;
    unit_price: Column<"money">;
    revenue: Column<"money">;
    cost: Column<"money">;
    discount_amount: Column<"money">;
    profit: Column<"money">;
  }>;
}, {
  readonly year: "dim_time.year";
  readonly quarter: "dim_time.quarter";
  readonly month: "dim_time.month";
  readonly day: "dim_time.day";
  readonly date: "sales_fact.date";
  readonly weekend: "dim_time.is_weekend";
  readonly holiday: "dim_time.is_holiday";
  readonly region: "dim_geography.region";
  readonly country: "dim_geography.country";
  readonly state: "dim_geography.state";
  readonly city: "dim_geography.city";
  readonly category: "dim_product.category";
  readonly subcategory: "dim_product.subcategory";
  readonly brand: "dim_product.brand";
  readonly product: "dim_product.product_id";
  readonly product_name: "dim_product.name";
  readonly segment: "dim_customer.segment";
  readonly channel: "dim_customer.channel";
  readonly ltv_tier: "dim_customer.ltv_tier";
  readonly payment_type: "dim_payment.payment_type";
  readonly provider: "dim_payment.provider";
}, {
  readonly revenue: Measure<"sales_fact.revenue">;
  readonly cost: Measure<"sales_fact.cost">;
  readonly profit: Measure<"sales_fact.profit">;
  readonly discount: Measure<"sales_fact.discount_amount">;
  readonly units: Measure<"sales_fact.quantity">;
  readonly lines: Measure<never>;
  readonly customers: Measure<"sales_fact.customer_key">;
  readonly margin: Measure<"sales_fact.revenue" | "sales_fact.profit">;
  readonly average_price: Measure<"sales_fact.revenue" | "sales_fact.quantity">;
}>;
/** What a compaction did. */
interface CompactionReport {
  readonly manifest: DatasetManifest;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly sizeBytesBefore: number;
  readonly sizeBytesAfter: number;
}
/**
 * Makes one file of the files of each folder, in the declared order of their rows. A dataset with one file a folder
 * stays as it is. Throws DatasetError.
 */
declare function compactDataset(model: DatasetModel, directory: string, settings?: DuckSettings): Promise<CompactionReport>;
/** The manifest of the dataset in a folder. Throws DatasetError (AF_DATASET_NOT_FOUND) if there is none. */
declare function readManifest(directory: string): Promise<DatasetManifest>;
/** A dataset that was found. */
interface FoundDataset {
  readonly directory: string;
  readonly manifest: DatasetManifest;
}
/** The datasets in a folder and in the folders right below it, by name of folder. */
declare function listDatasets(directory: string): Promise<FoundDataset[]>;
export {
  type Additivity,
  type Answer,
  type AnswerRow,
  type AskOptions,
  type Cell,
  type Column,
  type ColumnKind,
  type ColumnRef,
  type ColumnRules,
  type ColumnStatistics,
  type Columns,
  type CompactionReport,
  type Compression,
  type DatasetCheck,
  type DatasetFile,
  type DatasetManifest,
  type DatasetModel,
  type DatasetReport,
  type DatasetSpec,
  type DimensionName,
  type DimensionSpec,
  type DimensionValue,
  type DuckSettings,
  type FactSpec,
  type FileFormat,
  type FileOptions,
  type Filter,
  type FilterValue,
  type FoundDataset,
  type GenerateOptions,
  type LoadOptions,
  type LoadReport,
  type Measure,
  type MeasureName,
  type OnProgress,
  OpenDataset,
  type OpenOptions,
  type Parameter,
  type PartitionColumn,
  type Partitions,
  type Pattern,
  type PatternName,
  type PatternParameters,
  type PrunedFiles,
  type QueryRecord,
  type Question,
  type QuestionPlan,
  type Receipt,
  type Row,
  type RowTable,
  type SalesParameters,
  type StatisticsValue,
  type Table,
  type Tables,
  type ValueOfKind,
  type Versions,
  type WindowMeasure,
  type WorkProgress,
  additivityOf,
  appendSalesMonth,
  checkDataset,
  compactDataset,
  contentHash,
  count,
  dataset$1 as dataset,
  date,
  dimension,
  distinct,
  fact$1 as fact,
  flag,
  generateSales,
  greatest,
  integer,
  least,
  listDatasets,
  loadDataset,
  money,
  patternQuestion,
  patterns,
  ratio,
  readManifest,
  real,
  rowsToCsv,
  rowsToMarkdown,
  sales,
  sum,
  text,
};
