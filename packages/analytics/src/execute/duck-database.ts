import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type Cell, cellOf } from "./cell.ts";
import { duckError } from "./duck-error.ts";
import { loadDuckdb } from "./load-duckdb.ts";

/** A row of a result, by column. */
export type Row = Readonly<Record<string, Cell>>;

/** A value that a statement takes for `$1`, `$2` and so on. */
export type Parameter = string | number | boolean | null;

/** How a database is opened. */
export interface DuckSettings {
  /** The database file; in memory if not given. */
  readonly path?: string;
  readonly readOnly?: boolean;
  /** How many threads work on its queries; all cores if not given. */
  readonly threads?: number;
  /** How much memory it takes before it writes to `temporaryDirectory`, in MiB; 1024 if not given. */
  readonly memoryLimitMb?: number;
  readonly temporaryDirectory?: string;
}

/** A result with the names of its columns, which also an empty one has. */
export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** The only place that knows DuckDB's programming interface. Each connection does one statement at a time. */
export class DuckDatabase implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #about: string;
  readonly #dateType: number;

  private constructor(instance: DuckDBInstance, about: string, dateType: number) {
    this.#instance = instance;
    this.#about = about;
    this.#dateType = dateType;
  }

  /** Opens a database; `about` names in errors what it is about. Throws ConfigError, DatasetError. */
  static async open(about: string, settings: DuckSettings = {}): Promise<DuckDatabase> {
    const { DuckDBInstance, DuckDBTypeId } = await loadDuckdb();
    const { path = ":memory:", threads, memoryLimitMb = 1024, temporaryDirectory, readOnly } = settings;
    try {
      const instance = await DuckDBInstance.create(path, {
        memory_limit: `${memoryLimitMb}MiB`,
        // Nothing is fetched from the network behind the user's back.
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "false",
        ...(threads === undefined ? {} : { threads: String(threads) }),
        ...(temporaryDirectory === undefined ? {} : { temp_directory: temporaryDirectory }),
        ...(readOnly ? { access_mode: "READ_ONLY" } : {}),
      });
      return new DuckDatabase(instance, about, DuckDBTypeId.DATE);
    } catch (error) {
      throw duckError(error, about);
    }
  }

  /** Opens a connection, with settings and temporary tables of its own. */
  async connect(): Promise<DuckConnection> {
    return new DuckConnection(await this.#instance.connect(), this.#about, this.#dateType);
  }

  close(): void {
    this.#instance.closeSync();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** One connection of a database. */
export class DuckConnection implements Disposable {
  readonly #connection: DuckDBConnection;
  readonly #about: string;
  readonly #dateType: number;

  constructor(connection: DuckDBConnection, about: string, dateType: number) {
    this.#connection = connection;
    this.#about = about;
    this.#dateType = dateType;
  }

  /** Does a statement and gives its rows. Throws DatasetError, QueryError. */
  async query(sql: string, parameters: readonly Parameter[] = []): Promise<Result> {
    try {
      const reader = await this.#connection.runAndReadAll(
        sql,
        parameters.length === 0 ? undefined : [...parameters],
      );
      const columns = reader.deduplicatedColumnNames();
      const dates = columns.map((_, index) => reader.columnTypeId(index) === this.#dateType);
      const rows = reader
        .getRowsJS()
        .map((values) =>
          Object.fromEntries(
            columns.map((name, index) => [name, cellOf(values[index], dates[index] === true)]),
          ),
        );
      return { columns, rows };
    } catch (error) {
      throw duckError(error, this.#about);
    }
  }

  /** The rows of a query. */
  async rows(sql: string, parameters: readonly Parameter[] = []): Promise<readonly Row[]> {
    return (await this.query(sql, parameters)).rows;
  }

  /** Does a statement whose result does not matter. */
  async run(sql: string, parameters: readonly Parameter[] = []): Promise<void> {
    await this.query(sql, parameters);
  }

  close(): void {
    this.#connection.closeSync();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
