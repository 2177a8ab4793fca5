import { join } from "node:path";
import { type DuckConnection, DuckDatabase, type DuckSettings, type Row } from "../execute/duck-database.ts";
import { quoteName, quoteText } from "../execute/sql-text.ts";
import { sales } from "../sales/sales-model.ts";
import type { FileFormat } from "../storage/dataset-manifest.ts";
import { type BenchmarkQuestion, joinTime } from "./benchmark-questions.ts";

/** DuckDB as most people would use it: one join in SQL over everything at once, with nothing planned by us. */
export class StarDatabase implements Disposable {
  readonly #database: DuckDatabase;
  readonly #connection: DuckConnection;
  readonly #time: string;

  private constructor(database: DuckDatabase, connection: DuckConnection, time: string) {
    this.#database = database;
    this.#connection = connection;
    this.#time = time;
  }

  /** Views over all files of a format by a pattern of their paths; folders become columns, and CSV is left to guess. */
  static async overFiles(
    directory: string,
    format: FileFormat,
    duck: Pick<DuckSettings, "threads" | "memoryLimitMb">,
  ): Promise<StarDatabase> {
    const database = await DuckDatabase.open(directory, duck);
    const connection = await database.connect();
    for (const table of Object.keys(sales.tables)) {
      const pattern = quoteText(join(directory, format, table, "**", `*.${format}`));
      await connection.run(
        `CREATE VIEW ${quoteName(table)} AS FROM read_${format}(${pattern}, hive_partitioning = true)`,
      );
    }
    return new StarDatabase(database, connection, "");
  }

  /** The tables of a database file. */
  static async overTables(
    path: string,
    duck: Pick<DuckSettings, "threads" | "memoryLimitMb">,
  ): Promise<StarDatabase> {
    const database = await DuckDatabase.open(path, { ...duck, path, readOnly: true });
    return new StarDatabase(database, await database.connect(), joinTime);
  }

  /** Answers a question. Throws DatasetError, QueryError. */
  rows({ sql }: BenchmarkQuestion): Promise<readonly Row[]> {
    return this.#connection.rows(sql(this.#time));
  }

  /** The version of DuckDB. */
  async version(): Promise<string> {
    const [row] = await this.#connection.rows("SELECT version() AS version");
    return String(row?.["version"]);
  }

  close(): void {
    this.#connection.close();
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
