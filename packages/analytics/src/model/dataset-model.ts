import { DatasetError } from "@agentflow/core";
import { modelProblems } from "./check-model.ts";
import type { Column, ColumnKind, ValueOfKind } from "./column.ts";
import type { Measure } from "./measure.ts";
import type { Columns, Table } from "./table.ts";

/** Tables by name. */
export type Tables = Readonly<Record<string, Table>>;

/** "table.column" for every column of some tables. */
export type ColumnRef<T extends Tables> = {
  [Name in keyof T & string]: `${Name}.${keyof T[Name]["columns"] & string}`;
}[keyof T & string];

/** What a dataset is declared with. */
export interface DatasetSpec<
  T extends Tables,
  D extends Readonly<Record<string, ColumnRef<T>>>,
  M extends Readonly<Record<string, Measure<ColumnRef<T>>>>,
> {
  readonly tables: T;
  /** What results are grouped and filtered by. */
  readonly dimensions: D;
  readonly measures: M;
  /** Dimensions from the widest to the narrowest, to drill down along. */
  readonly hierarchies: Readonly<Record<string, readonly (keyof D & string)[]>>;
  /** Totals that are worth keeping beside the files, by name. */
  readonly rollups?: Readonly<Record<string, Rollup<keyof T & string, keyof D & string>>>;
}

/** Totals of a fact table by some dimensions; every measure is kept whose whole follows from such totals. */
export interface Rollup<Fact extends string = string, Dimension extends string = string> {
  readonly of: Fact;
  readonly by: readonly Dimension[];
}

/** A star schema with its measures: schemas of files, generators, tests and queries follow from it. */
export interface DatasetModel<
  T extends Tables = Tables,
  D extends Readonly<Record<string, string>> = Readonly<Record<string, string>>,
  M extends Readonly<Record<string, Measure>> = Readonly<Record<string, Measure>>,
> {
  readonly name: string;
  readonly tables: T;
  readonly dimensions: D;
  readonly measures: M;
  readonly hierarchies: Readonly<Record<string, readonly string[]>>;
  readonly rollups?: Readonly<Record<string, Rollup>>;
}

type KindAt<T extends Tables, Ref> = Ref extends `${infer Name}.${infer Field}`
  ? Name extends keyof T
    ? T[Name] extends Table<infer C extends Columns>
      ? Field extends keyof C
        ? C[Field] extends Column<infer Kind>
          ? Kind
          : never
        : never
      : never
    : never
  : never;

/** The JavaScript type of the values of a dimension. */
export type DimensionValue<Model extends DatasetModel, Name extends keyof Model["dimensions"]> = ValueOfKind<
  KindAt<Model["tables"], Model["dimensions"][Name]> extends infer Kind extends ColumnKind
    ? [Kind] extends [never]
      ? ColumnKind
      : Kind
    : ColumnKind
>;

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
export function dataset<
  const T extends Tables,
  const D extends Readonly<Record<string, ColumnRef<T>>>,
  const M extends Readonly<Record<string, Measure<ColumnRef<T>>>>,
>(name: string, spec: DatasetSpec<T, D, M>): DatasetModel<T, D, M> {
  const model: DatasetModel<T, D, M> = { name, ...spec };
  const problems = modelProblems(model);
  if (problems.length > 0) {
    throw new DatasetError(
      "AF_DATASET_DECLARATION",
      `The declaration of ${JSON.stringify(name)} is not valid: ${problems.join(" ")}`,
      { context: { dataset: name, problems } },
    );
  }
  return model;
}
