import { join } from "node:path";
import { DatasetError } from "@agentflow/core";
import type { Parameter } from "../execute/duck-database.ts";
import { csvTypes, noRows, quoteName, readFiles } from "../execute/sql-text.ts";
import { dimensionKey, tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { DatasetFile, DatasetManifest, FileFormat } from "../storage/dataset-manifest.ts";
import { filterCondition } from "./filter.ts";
import { type PartialAggregate, partialAggregate } from "./partial-aggregates.ts";
import { isConstant, type PrunedFiles, pruneFiles } from "./prune-files.ts";
import type { Question } from "./question.ts";
import { type AskedDimension, type ResolvedQuestion, resolveQuestion } from "./resolve-question.ts";
import { windowSql } from "./window-sql.ts";

/** How a question is answered. */
export interface QuestionPlan {
  readonly sql: string;
  /** The values of `$1`, `$2` and so on. */
  readonly parameters: readonly Parameter[];
  /** The files of the fact table that are read, and those that are not. */
  readonly files: PrunedFiles;
  readonly fact: string;
  /** The window measures of the answer. */
  readonly windows: readonly string[];
}

/** Where the files of a dataset are. */
export interface PlanSource {
  readonly directory: string;
  readonly manifest: DatasetManifest;
  readonly format: FileFormat;
  /** False to read every file and join the dimension that folders are named after: what a comparison is made with. */
  readonly prune?: boolean;
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
  const planner = new Planner(model, source, resolved);
  return planner.plan();
}

class Planner {
  readonly #model: DatasetModel;
  readonly #source: PlanSource;
  readonly #question: ResolvedQuestion;
  readonly #partitionTable: string | undefined;
  readonly #aggregates: readonly PartialAggregate[];
  readonly #files: readonly DatasetFile[];
  readonly #partsAreRows: boolean;
  readonly #parameters: Parameter[] = [];

  constructor(model: DatasetModel, source: PlanSource, question: ResolvedQuestion) {
    this.#model = model;
    this.#source = source;
    this.#question = question;
    const { partitions } = tableOf(model, question.fact);
    this.#partitionTable = source.prune === false ? undefined : partitions?.table;
    this.#aggregates = question.measures.map(({ measure }, index) => partialAggregate(measure, index));
    this.#files = this.#filesOf(question.fact);
    const named = [...question.dimensions, ...question.filters.map(({ dimension }) => dimension)];
    this.#partsAreRows = named.some((dimension) => !this.#isConstant(dimension) && this.#isLarge(dimension));
  }

  plan(): QuestionPlan {
    const { fact, windows } = this.#question;
    const files =
      this.#source.prune === false
        ? { opened: this.#files, skipped: [] }
        : pruneFiles(this.#files, this.#question, this.#partitionTable);
    const conditions = this.#conditions();
    const parts =
      files.opened.length === 0
        ? [this.#partial(this.#files[0], [...conditions, "false"])]
        : files.opened.map((file) => this.#partial(file, conditions));
    const sql = this.#ordered(this.#windowed(this.#merged(parts)));
    return { sql, parameters: this.#parameters, files, fact, windows: windows.map(({ name }) => name) };
  }

  #filesOf(table: string): readonly DatasetFile[] {
    const { manifest, format, directory } = this.#source;
    const files = manifest.files.filter((file) => file.table === table && file.format === format);
    // A table without rows has no file: nobody has called a model yet.
    if (files.length > 0 || manifest.files.some((file) => file.format === format)) return files;
    throw new DatasetError("AF_DATASET_NOT_FOUND", `${directory} has no ${format} files of ${table}.`, {
      hint: `Generate it with --format ${format}, or both.`,
    });
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
    for (const { partials } of this.#aggregates) {
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
    const columns = [
      ...dimensions.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`),
      ...this.#question.measures.map(
        ({ name }, index) => `${this.#aggregates[index]?.merged} AS ${quoteName(name)}`,
      ),
    ];
    const where = conditions.length === 0 ? "" : `\nWHERE ${conditions.join(" AND ")}`;
    const grouped =
      dimensions.length === 0 ? "" : `\nGROUP BY ${dimensions.map(({ sql }) => sql).join(", ")}`;
    const whole = `(\n  ${parts.join("\n  UNION ALL ")}\n)`;
    return `SELECT ${columns.join(", ")}\nFROM ${whole}${[...joins.values()].join("")}${where}${grouped}`;
  }

  #windowed(sql: string): string {
    const { windows, dimensions, top } = this.#question;
    if (windows.length === 0) return sql;
    const by = dimensions.map(({ name }) => name);
    const added = windows.map(({ name, window }) => `${windowSql(window, by)} AS ${quoteName(name)}`);
    const computed = `SELECT *, ${added.join(", ")}\nFROM (\n${sql}\n)`;
    return top === undefined
      ? computed
      : `FROM (\n${computed}\n)\nWHERE ${quoteName(top.by)} <= ${top.count}`;
  }

  #ordered(sql: string): string {
    const { order, limit } = this.#question;
    const by = order.map(
      ({ name, descending }) => `${quoteName(name)}${descending ? " DESC" : ""} NULLS LAST`,
    );
    const ordered = by.length === 0 ? sql : `${sql}\nORDER BY ${by.join(", ")}`;
    return limit === undefined ? ordered : `${ordered}\nLIMIT ${limit}`;
  }
}

function constant(value: number | string | undefined): string {
  return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}
