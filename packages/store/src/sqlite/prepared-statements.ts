import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SqlValue } from "@agentflow/core";

/** Prepares each statement of a connection once, on first use. Rows come as arrays in column order. */
export class PreparedStatements {
  readonly #db: DatabaseSync;
  readonly #known = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The statement for a constant text; texts must not be built from values, or they would pile up here. */
  of(sql: string): StatementSync {
    const known = this.#known.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    this.#known.set(sql, statement);
    return statement;
  }

  /** Runs a statement and returns how many rows it changed. */
  change(sql: string, ...parameters: SqlValue[]): number {
    return Number(this.of(sql).run(...parameters).changes);
  }

  row(sql: string, ...parameters: SqlValue[]): readonly SqlValue[] | undefined {
    return this.of(sql).get(...parameters) as unknown as readonly SqlValue[] | undefined;
  }

  rows(sql: string, ...parameters: SqlValue[]): readonly (readonly SqlValue[])[] {
    return this.of(sql).all(...parameters) as unknown as readonly (readonly SqlValue[])[];
  }
}
