import type { DuckConnection } from "../execute/duck-database.ts";
import { quoteName } from "../execute/sql-text.ts";
import { insertRows, tableFromRows } from "../execute/table-from-rows.ts";
import { tableOf } from "../model/column-reference.ts";
import { type AddFact, type FactTable, factTables } from "./run-facts.ts";
import { runs } from "./runs-model.ts";

const bufferedMax = 5_000;

/**
 * The facts of a batch of runs, as tables of DuckDB, which writes to disk what does not fit its memory. Here only a few
 * thousand rows wait to be handed over.
 */
export class FactTables {
  readonly #connection: DuckConnection;
  readonly #rows = new Map<FactTable, object[]>();
  #buffered = 0;
  // A connection does one statement at a time.
  #last: Promise<void> = Promise.resolve();

  private constructor(connection: DuckConnection) {
    this.#connection = connection;
  }

  /** Makes the tables anew, without rows. */
  static async create(connection: DuckConnection): Promise<FactTables> {
    for (const table of factTables) {
      await connection.run(`DROP TABLE IF EXISTS ${quoteName(table)}`);
      await tableFromRows(connection, table, tableOf(runs, table).columns, []);
    }
    return new FactTables(connection);
  }

  /** Takes a row; `flush` hands over what was taken. */
  readonly add: AddFact = (table, row) => {
    const rows = this.#rows.get(table);
    if (rows === undefined) this.#rows.set(table, [row]);
    else rows.push(row);
    this.#buffered += 1;
  };

  /** Hands over the rows that wait if they are many. Several may ask for it at once. */
  async flushIfFull(): Promise<void> {
    if (this.#buffered >= bufferedMax) await this.flush();
  }

  /** Hands over the rows that wait. */
  async flush(): Promise<void> {
    const waiting = [...this.#rows];
    this.#rows.clear();
    this.#buffered = 0;
    await this.#inTurn(async () => {
      for (const [table, rows] of waiting) {
        await insertRows(this.#connection, table, tableOf(runs, table).columns, rows);
      }
    });
  }

  /** Takes back every row of a run. */
  async withdraw(runKey: number): Promise<void> {
    await this.flush();
    await this.#inTurn(async () => {
      for (const table of factTables) {
        await this.#connection.run(`DELETE FROM ${quoteName(table)} WHERE run_key = $1`, [runKey]);
      }
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.#last;
    this.#last = (async () => {
      await before;
      await work();
    })();
    return this.#last;
  }
}
