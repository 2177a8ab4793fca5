import type { Column } from "./column.ts";

/** Columns by name, in the order of the files. */
export type Columns = Readonly<Record<string, Column>>;

/**
 * Slowly changing dimension of type 2: a thing has one row per version, and each version is valid from one day up to,
 * but not including, another. The open version has no end.
 */
export interface Versions {
  /** The column that names the thing itself, the same in all its versions. */
  readonly of: string;
  readonly from: string;
  readonly until: string;
  /** The flag that is true in the open version. */
  readonly current: string;
}

/** The folders of a fact table: one per combination of these columns of a joined dimension table. */
export interface Partitions {
  readonly table: string;
  readonly columns: readonly string[];
}

/** A table of a dataset. One with `joins` is a fact table, any other a dimension table. */
export interface Table<C extends Columns = Columns> {
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
export interface DimensionSpec<C extends Columns> {
  readonly columns: C;
  /** The column that facts refer to. */
  readonly key: keyof C & string;
  readonly versions?: Versions;
  readonly rules?: Readonly<Record<string, string>>;
}

/** Declares a dimension table: the things that facts are about. Its files are ordered by its key. */
export function dimension<const C extends Columns>(spec: DimensionSpec<C>): Table<C> {
  const { columns, key, versions, rules = {} } = spec;
  return { columns, key: [key], joins: {}, order: [key], rules, ...(versions && { versions }) };
}

/** What a fact table is declared with. */
export interface FactSpec<C extends Columns> {
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
export function fact<const C extends Columns>(spec: FactSpec<C>): Table<C> {
  const { columns, key, day, partitions, order, rules = {} } = spec;
  const joins = Object.fromEntries(
    Object.entries(spec.joins).flatMap(([name, table]) => (table === undefined ? [] : [[name, table]])),
  );
  return { columns, key, joins, day, partitions, order, rules };
}
