import type { DuckConnection, DuckDatabase } from "./duck-database.ts";

/** Keeps connections for the next query. As many are open as queries have run at once. */
export class ConnectionPool implements Disposable {
  readonly #database: DuckDatabase;
  readonly #idle: DuckConnection[] = [];
  #isClosed = false;

  constructor(database: DuckDatabase) {
    this.#database = database;
  }

  /** Lends a connection. One on which something failed is closed, and not lent again. */
  async use<Result>(work: (connection: DuckConnection) => Promise<Result>): Promise<Result> {
    const connection = this.#idle.pop() ?? (await this.#database.connect());
    try {
      const result = await work(connection);
      if (this.#isClosed) connection.close();
      else this.#idle.push(connection);
      return result;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Closes the connections that nobody uses; those that are lent are closed when they come back. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
