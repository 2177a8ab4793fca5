import { sha256Hex } from "@agentflow/core";
import type { AppliedMigration, Migration } from "../../packages/store/src/migrations/migration.ts";
import type { ServiceName } from "../services.ts";

/** A database of its own whose schema is taken up and down. */
export interface MigrationDatabase {
  /** Opens a store in it. */
  readonly url: string;
  migrate(target?: number): Promise<void>;
  /** Migrates as a process that ends after so many statements. True if it came to its end before. */
  migrateUntil(target: number, statements: number): Promise<boolean>;
  version(): Promise<number>;
  applied(): Promise<readonly AppliedMigration[]>;
  /** One line for each table, column, constraint and index, sorted. */
  schema(): Promise<readonly string[]>;
  /** Number and SHA-256 of the rows of a store's tables, by table; not of those that keep the version itself. */
  rows(): Promise<Readonly<Record<string, string>>>;
  execute(statement: string): Promise<void>;
  drop(): Promise<void>;
}

/** A kind of database that has migrations. */
export interface MigrationKind {
  /** What the files of its migrations begin with. */
  readonly key: string;
  readonly name: string;
  readonly service: ServiceName | undefined;
  readonly migrations: readonly Migration[];
  /** How many statements lie between two ends that are tried; more than 1 where a transaction undoes all of them. */
  readonly stride: number;
  create(): Promise<MigrationDatabase>;
}

/** Thrown in the place of everything that a process would have done after its end. */
export class ProcessEnded extends Error {}

/** Runs work of a process that may end; true if it did not. */
export async function untilEnded(work: () => Promise<void> | void): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof ProcessEnded) return false;
    throw error;
  }
}

/** Tables that say which version the schema has. */
export const recordTables: ReadonlySet<string> = new Set(["af_meta", "af_migrations"]);

/** Rows in any order as one text. */
export function digest(rows: readonly unknown[]): string {
  const lines = rows.map((row) => JSON.stringify(row)).sort();
  return `${lines.length} rows, ${sha256Hex(lines.join("\n"))}`;
}
