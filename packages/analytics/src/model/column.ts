/** The kinds of columns a dataset has; each is one SQL type that every reader of Parquet knows. */
export type ColumnKind = "integer" | "long" | "money" | "amount" | "real" | "text" | "date" | "flag";

/** What a column is and which values it may have; `af analytics test` holds the files to it. */
export interface Column<Kind extends ColumnKind = ColumnKind> {
  readonly kind: Kind;
  readonly optional: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
}

/** What may be said of a column beyond its kind. */
export interface ColumnRules {
  /** True if rows may have no value. */
  readonly optional?: boolean;
  readonly min?: number;
  readonly max?: number;
}

/** The JavaScript type in which a column's values are read; dates are texts such as "2021-12-31". */
export type ValueOfKind<Kind extends ColumnKind> = Kind extends "text" | "date"
  ? string
  : Kind extends "flag"
    ? boolean
    : number;

const sqlTypes: Readonly<Record<ColumnKind, string>> = {
  integer: "INTEGER",
  long: "BIGINT",
  // Nine digits fit 32 bits, which scan four times as fast as 64.
  money: "DECIMAL(9,2)",
  amount: "DECIMAL(18,9)",
  real: "DOUBLE",
  text: "VARCHAR",
  date: "DATE",
  flag: "BOOLEAN",
};

/** The SQL type of a column. */
export function sqlTypeOf(column: Column): string {
  return sqlTypes[column.kind];
}

const numericKinds: ReadonlySet<ColumnKind> = new Set(["integer", "long", "money", "amount", "real"]);

/** True if a column can be added up. */
export function isNumeric(column: Column): boolean {
  return numericKinds.has(column.kind);
}

function column<Kind extends ColumnKind>(
  kind: Kind,
  { optional = false, ...rules }: ColumnRules,
): Column<Kind> {
  return { kind, optional, ...rules };
}

/** A whole number of 32 bits. */
export function integer(rules: ColumnRules = {}): Column<"integer"> {
  return column("integer", rules);
}

/** A whole number of 64 bits, such as milliseconds since 1970; exact in JavaScript up to 2^53. */
export function long(rules: ColumnRules = {}): Column<"long"> {
  return column("long", rules);
}

/** An exact amount with nine decimals, up to 999,999,999: what a single call costs is often less than a cent. */
export function amount(rules: ColumnRules = {}): Column<"amount"> {
  return column("amount", rules);
}

/** An amount with two decimals, up to 9,999,999.99. */
export function money(rules: ColumnRules = {}): Column<"money"> {
  return column("money", rules);
}

/** A floating point number of 64 bits. */
export function real(rules: ColumnRules = {}): Column<"real"> {
  return column("real", rules);
}

/** A text; with `oneOf`, one of these. */
export function text(
  rules: { readonly optional?: boolean; readonly oneOf?: readonly string[] } = {},
): Column<"text"> {
  return { kind: "text", optional: rules.optional ?? false, ...(rules.oneOf && { oneOf: rules.oneOf }) };
}

/** A calendar day. */
export function date(rules: { readonly optional?: boolean } = {}): Column<"date"> {
  return column("date", rules);
}

/** True or false. */
export function flag(): Column<"flag"> {
  return column("flag", {});
}
