import { join } from "node:path";
import { DatasetError } from "@agentflow/core";
import type { Parameter } from "../execute/duck-database.ts";
import { csvTypes, noRows, quoteName, readFiles } from "../execute/sql-text.ts";
import { dimensionKey, tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { DatasetFile, DatasetManifest, FileFormat } from "../storage/dataset-manifest.ts";
import type { RollupFile } from "../storage/rollup-manifest.ts";
import { answerSql } from "./answer-sql.ts";
import { filterCondition } from "./filter.ts";
import { lastOf, type PartialAggregate, partialAggregate } from "./partial-aggregates.ts";
import { isConstant, type PrunedFiles, pruneFiles } from "./prune-files.ts";
import type { Question } from "./question.ts";
import { type AskedDimension, type ResolvedQuestion, resolveQuestion } from "./resolve-question.ts";
import { rollupFor, rollupSql } from "./rollup-plan.ts";

/** How a question is answered. */
export interface QuestionPlan {
  readonly sql: string;
  /** The values of `$1`, `$2` and so on. */
  readonly parameters: readonly Parameter[];
  /** The files of the fact table that are read, and those that are not. */
  readonly files: PrunedFiles;
  readonly fact: string;
  /** The columns of the fact table that are read. */
  readonly columns: readonly string[];
  /** The window measures of the answer. */
  readonly windows: readonly string[];
  /** The rollup that is read in place of the files, if one has what the question asks for. */
  readonly rollup?: RollupFile;
}

/** Where the files of a dataset are. */
export interface PlanSource {
  readonly directory: string;
  readonly manifest: DatasetManifest;
  readonly format: FileFormat;
  /** False to read every file and join the dimension that folders are named after: what a comparison is made with. */
  readonly prune?: boolean;
  /** Rollups of this generation of the dataset, which may be read in place of its files. */
  readonly rollups?: readonly RollupFile[];
}

// With a dimension table up to this size, files give totals by its keys. With a larger one they give rows: totals by its
// keys would be about as many, and a join in each part would build its table again for each file.
const smallRowsMax = 100_000;

/**
 * Writes the SQL that answers a question: one aggregate per file that may have matching rows, brought together by UNION
 * ALL, and joined to the dimension tables. A list of files in one scan would give DuckDB no statistics, and be several
 * times slower. Values of filters are parameters; names come from the declaration. Throws QueryError, DatasetError.
 */
export function planQuestion(model: DatasetModel, source: PlanSource, question: Question): QuestionPlan {
  const resolved = resolveQuestion(model, question);
  const aggregates = resolved.measures.map(({ measure }, index) => partialAggregate(model, measure, index));
  const windows = resolved.windows.map(({ name }) => name);
  const rollup = rollupFor(resolved, aggregates, source.rollups ?? []);
  const { fact } = resolved;
  if (rollup !== undefined) {
    const parameters: Parameter[] = [];
    const totals = rollupSql(resolved, aggregates, { directory: source.directory, rollup, parameters });
    const files = { opened: [], skipped: factFiles(source, fact) };
    return {
      sql: answerSql(totals, resolved, parameters),
      parameters,
      files,
      fact,
      columns: [],
      windows,
      rollup,
    };
  }
  const named = aggregates.map((each, index) => ({ ...each, name: resolved.measures[index]?.name ?? "" }));
  const totals = planTotals(model, source, { ...resolved, aggregates: named });
  const parameters = [...totals.parameters];
  return {
    sql: answerSql(totals.sql, resolved, parameters),
    parameters,
    files: totals.files,
    fact,
    columns: totals.columns,
    windows,
  };
}

/** A column of an answer with how it is put together from parts. */
export interface NamedAggregate extends PartialAggregate {
  readonly name: string;
}

/** What is computed from files: totals by dimensions, of the rows that pass the filters. */
export interface FileQuestion extends Pick<ResolvedQuestion, "fact" | "dimensions" | "filters"> {
  readonly aggregates: readonly NamedAggregate[];
}

/** How totals are computed from files. */
export type TotalsPlan = Pick<QuestionPlan, "sql" | "parameters" | "files" | "columns">;

/** Writes the SQL of totals by dimensions over files, without order. Throws DatasetError. */
export function planTotals(model: DatasetModel, source: PlanSource, question: FileQuestion): TotalsPlan {
  return new Planner(model, source, question).plan();
}

function factFiles({ manifest, format, directory }: PlanSource, table: string): readonly DatasetFile[] {
  const files = manifest.files.filter((file) => file.table === table && file.format === format);
  // A table without rows has no file: nobody has called a model yet.
  if (files.length > 0 || manifest.files.some((file) => file.format === format)) return files;
  throw new DatasetError("AF_DATASET_NOT_FOUND", `${directory} has no ${format} files of ${table}.`, {
    hint: `Generate it with --format ${format}, or both.`,
  });
}

class Planner {
  readonly #model: DatasetModel;
  readonly #source: PlanSource;
  readonly #question: FileQuestion;
  readonly #partitionTable: string | undefined;
  readonly #files: readonly DatasetFile[];
  readonly #partsAreRows: boolean;
  readonly #parameters: Parameter[] = [];

  constructor(model: DatasetModel, source: PlanSource, question: FileQuestion) {
    this.#model = model;
    this.#source = source;
    this.#question = question;
    const { partitions } = tableOf(model, question.fact);
    this.#partitionTable = source.prune === false ? undefined : partitions?.table;
    this.#files = this.#filesOf(question.fact);
    const named = [...question.dimensions, ...question.filters.map(({ dimension }) => dimension)];
    this.#partsAreRows = named.some((dimension) => !this.#isConstant(dimension) && this.#isLarge(dimension));
  }

  plan(): TotalsPlan {
    const files =
      this.#source.prune === false
        ? { opened: this.#files, skipped: [] }
        : pruneFiles(this.#files, this.#question, this.#partitionTable);
    const conditions = this.#conditions();
    const parts =
      files.opened.length === 0
        ? [this.#partial(this.#files[0], [...conditions, "false"])]
        : files.opened.map((file) => this.#partial(file, conditions));
    const columns = this.#columns();
    return { sql: this.#merged(parts), parameters: this.#parameters, files, columns };
  }

  #columns(): readonly string[] {
    const { dimensions, filters, aggregates } = this.#question;
    const named = [...dimensions, ...filters.map(({ dimension }) => dimension)];
    const keys = named.flatMap((each) => (this.#isConstant(each) ? [] : [each.via ?? each.place.name]));
    const added = aggregates.flatMap(({ partials }) => partials.flatMap(({ column }) => column ?? []));
    return [...new Set([...keys, ...added])];
  }

  #filesOf(table: string): readonly DatasetFile[] {
    return factFiles(this.#source, table);
  }

  #read(table: string, files: readonly DatasetFile[]): string {
    const { directory, format } = this.#source;
    const { columns } = tableOf(this.#model, table);
    if (files.length === 0) return noRows(columns);
    const paths = files.map(({ path }) => join(directory, path));
    return readFiles(format, paths, csvTypes(columns));
  }

  #isConstant(dimension: AskedDimension): boolean {
    return (
      this.#files.length > 0 && this.#files.every((file) => isConstant(dimension, file, this.#partitionTable))
    );
  }

  #isLarge({ place, via }: AskedDimension): boolean {
    if (via === undefined) return false;
    return this.#filesOf(place.table).reduce((sum, file) => sum + file.rows, 0) > smallRowsMax;
  }

  // What its folder says of a file needs no condition, where the folders of all files say it.
  #filtersOf(where: "parts" | "whole"): ResolvedQuestion["filters"] {
    return this.#question.filters.filter(
      ({ dimension }) => !this.#isConstant(dimension) && this.#isLarge(dimension) === (where === "whole"),
    );
  }

  #conditions(): string[] {
    return this.#filtersOf("parts").map(({ dimension, filter }) => {
      const { table, name, column } = dimension.place;
      if (dimension.via === undefined) {
        return filterCondition(`fact.${quoteName(name)}`, column, filter, this.#parameters);
      }
      const key = quoteName(dimensionKey(this.#model, table));
      const condition = filterCondition(quoteName(name), column, filter, this.#parameters);
      return `fact.${quoteName(dimension.via)} IN (SELECT ${key} FROM ${this.#read(table, this.#filesOf(table))} WHERE ${condition})`;
    });
  }

  /** One file's part: totals by what the answer is grouped by, or by the keys from which that follows; or its rows. */
  #partial(file: DatasetFile | undefined, conditions: readonly string[]): string {
    const columns = new Map<string, string>();
    const groups = new Set<string>();
    const { dimensions } = this.#question;
    const wholeFilters = this.#filtersOf("whole").map(({ dimension }) => dimension);
    for (const [index, dimension] of [...dimensions, ...wholeFilters].entries()) {
      const { place, via } = dimension;
      if (this.#isConstant(dimension)) {
        columns.set(`d${index}`, constant(file?.partition[place.name]));
        continue;
      }
      const name = via === undefined ? `d${index}` : `k_${place.table}`;
      columns.set(name, `fact.${quoteName(via ?? place.name)}`);
      groups.add(name);
    }
    for (const { partials } of this.#question.aggregates) {
      for (const { name, row, total } of partials) {
        columns.set(name, this.#partsAreRows ? row : total);
        if (row === total) groups.add(name);
      }
    }
    const selected = [...columns].map(([name, sql]) => `${sql} AS ${name}`).join(", ");
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    // Without a group there is a row even where nothing matches.
    const grouped = groups.size === 0 ? " HAVING count(*) > 0" : ` GROUP BY ${[...groups].join(", ")}`;
    const source = this.#read(this.#question.fact, file === undefined ? [] : [file]);
    return `SELECT ${selected} FROM ${source} AS fact${where}${this.#partsAreRows ? "" : grouped}`;
  }

  /** The whole: sums of the parts, and the names that the keys stand for. */
  #merged(parts: readonly string[]): string {
    const joins = new Map<string, string>();
    const nameOf = ({ place }: AskedDimension): string => {
      const table = quoteName(place.table);
      const source = this.#read(place.table, this.#filesOf(place.table));
      const key = quoteName(dimensionKey(this.#model, place.table));
      joins.set(place.table, ` JOIN ${source} AS ${table} ON ${table}.${key} = k_${place.table}`);
      return `${table}.${quoteName(place.name)}`;
    };
    const dimensions = this.#question.dimensions.map((dimension, index) => {
      const isNamed = dimension.via !== undefined && !this.#isConstant(dimension);
      return { name: dimension.name, sql: isNamed ? nameOf(dimension) : `d${index}` };
    });
    const conditions = this.#filtersOf("whole").map(({ dimension, filter }) =>
      filterCondition(nameOf(dimension), dimension.place.column, filter, this.#parameters),
    );
    const { aggregates } = this.#question;
    const where = conditions.length === 0 ? "" : `\nWHERE ${conditions.join(" AND ")}`;
    const from = `FROM (\n  ${parts.join("\n  UNION ALL ")}\n)${[...joins.values()].join("")}${where}`;
    const named = dimensions.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`);
    const measures = aggregates.map(({ name, merged }) => `${merged} AS ${quoteName(name)}`);
    const days = aggregates.flatMap(({ day }) => day ?? []);
    if (days.length === 0) {
      const grouped =
        dimensions.length === 0 ? "" : `\nGROUP BY ${dimensions.map(({ sql }) => sql).join(", ")}`;
      return `SELECT ${[...named, ...measures].join(", ")}\n${from}${grouped}`;
    }
    const over = dimensions.length === 0 ? "" : `PARTITION BY ${dimensions.map(({ sql }) => sql).join(", ")}`;
    const last = days.map((day) => `max(${day}) OVER (${over}) AS ${lastOf(day)}`);
    const partials = aggregates.flatMap((each) => each.partials.map(({ name }) => name));
    const names = dimensions.map(({ name }) => quoteName(name));
    const grouped = names.length === 0 ? "" : `\nGROUP BY ${names.join(", ")}`;
    const inner = `SELECT ${[...named, ...partials, ...last].join(", ")}\n${from}`;
    return `SELECT ${[...names, ...measures].join(", ")}\nFROM (\n${inner}\n)${grouped}`;
  }
}

function constant(value: number | string | undefined): string {
  return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}
