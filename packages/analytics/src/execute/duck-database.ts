import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { cancelled } from "../serve/cancelled.ts";
import { type Cell, cellOf } from "./cell.ts";
import { duckError } from "./duck-error.ts";
import { loadDuckdb } from "./load-duckdb.ts";
import { quoteText } from "./sql-text.ts";

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
  /** The only folders whose files its statements reach, and no network. Everything is within reach if not given. */
  readonly reach?: readonly string[];
}

/** What a text of SQL is: one statement that only reads, the explanation of one, or anything else. */
export type SqlKind = "select" | "explain" | "other";

interface DuckTypes {
  readonly date: number;
  readonly select: number;
  readonly explain: number;
}

/** A result with the names of its columns, which also an empty one has. */
export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

const interruptionMs = 5;

/** The only place that knows DuckDB's programming interface. Each connection does one statement at a time. */
export class DuckDatabase implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #about: string;
  readonly #types: DuckTypes;

  private constructor(instance: DuckDBInstance, about: string, types: DuckTypes) {
    this.#instance = instance;
    this.#about = about;
    this.#types = types;
  }

  /** Opens a database; `about` names in errors what it is about. Throws ConfigError, DatasetError. */
  static async open(about: string, settings: DuckSettings = {}): Promise<DuckDatabase> {
    const { DuckDBInstance, DuckDBTypeId, StatementType } = await loadDuckdb();
    const types = { date: DuckDBTypeId.DATE, select: StatementType.SELECT, explain: StatementType.EXPLAIN };
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
      const database = new DuckDatabase(instance, about, types);
      if (settings.reach !== undefined) await database.#confine(settings.reach);
      return database;
    } catch (error) {
      throw duckError(error, about);
    }
  }

  /** Opens a connection, with settings and temporary tables of its own. */
  async connect(): Promise<DuckConnection> {
    return new DuckConnection(await this.#instance.connect(), this.#about, this.#types);
  }

  // For all connections, and for good: DuckDB does not take the second setting back while a database is open.
  async #confine(folders: readonly string[]): Promise<void> {
    using connection = await this.connect();
    await connection.run(`SET GLOBAL allowed_directories = [${folders.map(quoteText).join(", ")}]`);
    await connection.run("SET GLOBAL enable_external_access = false");
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
  readonly #types: DuckTypes;

  constructor(connection: DuckDBConnection, about: string, types: DuckTypes) {
    this.#connection = connection;
    this.#about = about;
    this.#types = types;
  }

  /** What a text of SQL is, without doing it. Throws QueryError if it cannot be read. */
  async kindOf(sql: string): Promise<SqlKind> {
    try {
      const statements = await this.#connection.extractStatements(sql);
      if (statements.count !== 1) return "other";
      const statement = await statements.prepare(0);
      const { statementType } = statement;
      statement.destroySync();
      const { select, explain } = this.#types;
      return statementType === select ? "select" : statementType === explain ? "explain" : "other";
    } catch (error) {
      // So the binding says that there is no statement in a text.
      if (error instanceof Error && error.message === "Error in native callback") return "other";
      throw duckError(error, this.#about);
    }
  }

  /** Does a statement and gives its rows; the signal interrupts it. Throws DatasetError, QueryError. */
  async query(sql: string, parameters: readonly Parameter[] = [], signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw cancelled(signal);
    using _interruption = this.#interruptedBy(signal);
    try {
      const reader = await this.#connection.runAndReadAll(
        sql,
        parameters.length === 0 ? undefined : [...parameters],
      );
      const columns = reader.deduplicatedColumnNames();
      const dates = columns.map((_, index) => reader.columnTypeId(index) === this.#types.date);
      const rows = reader
        .getRowsJS()
        .map((values) =>
          Object.fromEntries(
            columns.map((name, index) => [name, cellOf(values[index], dates[index] === true)]),
          ),
        );
      return { columns, rows };
    } catch (error) {
      throw signal?.aborted ? cancelled(signal) : duckError(error, this.#about);
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

  // DuckDB forgets an interruption of a statement that has not begun, so it is repeated until the statement ends.
  #interruptedBy(signal: AbortSignal | undefined): Disposable {
    let timer: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      this.#connection.interrupt();
      timer = setTimeout(interrupt, interruptionMs);
    };
    signal?.addEventListener("abort", interrupt, { once: true });
    return {
      [Symbol.dispose]() {
        signal?.removeEventListener("abort", interrupt);
        clearTimeout(timer);
      },
    };
  }

  close(): void {
    this.#connection.closeSync();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
