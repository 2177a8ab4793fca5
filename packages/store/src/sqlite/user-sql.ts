import { constants, type DatabaseSync } from "node:sqlite";
import { type SqlValue, ValidationError } from "@agentflow/core";

const transactionControl: ReadonlySet<number> = new Set([
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_SAVEPOINT,
  constants.SQLITE_ATTACH,
  constants.SQLITE_DETACH,
  constants.SQLITE_PRAGMA,
]);

/**
 * SQL of a workflow inside the store's own transaction (S26). It may not touch AgentFlow's tables, whose names
 * start with `af_`, nor end the transaction, attach files or set pragmas: ValidationError (AF_ARGUMENT_INVALID).
 */
export class UserSql {
  readonly #db: DatabaseSync;
  #running = false;
  #refused: string | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.setAuthorizer((action, first, second) => this.#authorize(action, first, second));
  }

  all(sql: string, parameters: readonly SqlValue[]): Record<string, SqlValue>[] {
    return this.#guarded(() =>
      this.#db
        .prepare(sql)
        .all(...parameters)
        .map((row) => ({ ...row })),
    );
  }

  run(sql: string, parameters: readonly SqlValue[]): { readonly changes: number } {
    return this.#guarded(() => ({ changes: Number(this.#db.prepare(sql).run(...parameters).changes) }));
  }

  #guarded<T>(work: () => T): T {
    this.#running = true;
    this.#refused = undefined;
    try {
      return work();
    } catch (error) {
      if (this.#refused === undefined) throw error;
      throw new ValidationError("AF_ARGUMENT_INVALID", `ctx.tx may not use ${this.#refused}.`, {
        cause: error,
        hint: "Use tables of your own, and let ctx.tx begin and end the transaction.",
      });
    } finally {
      this.#running = false;
    }
  }

  #authorize(action: number, first: string | null, second: string | null): number {
    if (!this.#running) return constants.SQLITE_OK;
    const own = [first, second].find((name) => name?.toLowerCase().startsWith("af_"));
    if (own === undefined && !transactionControl.has(action)) return constants.SQLITE_OK;
    this.#refused = own === undefined ? "transactions, attached files or pragmas" : `the table ${own}`;
    return constants.SQLITE_DENY;
  }
}
