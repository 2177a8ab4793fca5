import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatasetError, toFailure } from "@agentflow/core";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import { planQuestion, type QuestionPlan } from "../plan/plan-question.ts";
import type { AnswerRow, Question, WindowMeasure } from "../plan/question.ts";
import { resolveQuestion } from "../plan/resolve-question.ts";
import type { DatasetManifest, FileFormat } from "../storage/dataset-manifest.ts";
import { type FoundDataset, readManifest } from "../storage/read-dataset.ts";
import { countRowGroups } from "./count-row-groups.ts";
import { createViews, preferredFormat } from "./dataset-views.ts";
import {
  type DuckConnection,
  DuckDatabase,
  type DuckSettings,
  type Parameter,
  type Row,
} from "./duck-database.ts";
import { profileQuery } from "./profile-query.ts";
import type { QueryRecord, Receipt } from "./receipt.ts";
import { measureUse } from "./resource-use.ts";

/** How a dataset is opened. */
export interface OpenOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** Which files are read; Parquet where there are some, if not given. */
  readonly format?: FileFormat;
  /** Takes a record of each query, also of one that failed. */
  readonly onQuery?: (record: QueryRecord) => void;
}

/** How one question is answered. */
export interface AskOptions {
  /** Counts row groups and scanned rows too, which costs a little. */
  readonly profile?: boolean;
  /** False to read every file, also those in which nothing matches: what a comparison is made with. */
  readonly prune?: boolean;
  /** Which files are read; those that the dataset was opened with, if not given. */
  readonly format?: FileFormat;
}

/** The rows that answer a question, how they were found, and what it took. */
export interface Answer<AnsweredRow> {
  readonly columns: readonly string[];
  readonly rows: readonly AnsweredRow[];
  readonly sql: string;
  readonly receipt: Receipt;
}

/** A dataset that is open for questions. Several may be asked at once; each has its own connection. */
export class OpenDataset<Model extends DatasetModel = DatasetModel> implements Disposable {
  readonly model: Model;
  readonly directory: string;
  readonly #database: DuckDatabase;
  readonly #options: OpenOptions;
  #manifest: DatasetManifest;

  private constructor(model: Model, found: FoundDataset, database: DuckDatabase, options: OpenOptions) {
    this.model = model;
    this.directory = found.directory;
    this.#manifest = found.manifest;
    this.#database = database;
    this.#options = options;
  }

  /** Opens the dataset in a folder. Throws DatasetError, ConfigError. */
  static async open<Model extends DatasetModel>(
    model: Model,
    directory: string,
    options: OpenOptions = {},
  ): Promise<OpenDataset<Model>> {
    const manifest = await readManifest(directory);
    const { threads, memoryLimitMb } = options;
    const database = await DuckDatabase.open(directory, {
      temporaryDirectory: join(tmpdir(), `agentflow-analytics-${process.pid}`),
      ...(threads === undefined ? {} : { threads }),
      ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    });
    return new OpenDataset(model, { directory, manifest }, database, options);
  }

  /** What the dataset consists of, as of the last question. */
  get manifest(): DatasetManifest {
    return this.#manifest;
  }

  /** The SQL of a question and the files that it would read, without reading them. Throws QueryError. */
  plan(question: Question<Model>, options: Pick<AskOptions, "prune" | "format"> = {}): QuestionPlan {
    const { prune = true, format = this.#options.format ?? preferredFormat(this.#manifest) } = options;
    const source = { directory: this.directory, manifest: this.#manifest, format, prune };
    return planQuestion(this.model, source, question as Question);
  }

  /** Answers a question. Throws QueryError, DatasetError. */
  async ask<
    const By extends keyof Model["dimensions"] & string = never,
    const Asked extends keyof Model["measures"] & string = never,
    const Windows extends Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>> = Record<
      never,
      never
    >,
  >(
    question: Question<Model, By, Asked, Windows>,
    options: AskOptions = {},
  ): Promise<Answer<AnswerRow<Model, By, Asked, Windows>>> {
    const asked = question as unknown as Question<Model>;
    const answer = await this.#onCurrentFiles(() =>
      this.#answer(this.plan(asked, options), asked, options.profile === true),
    );
    return answer as unknown as Answer<AnswerRow<Model, By, Asked, Windows>>;
  }

  /** The plan of DuckDB for a question, as text. */
  async explain(question: Question<Model>): Promise<string> {
    const { sql, parameters } = this.plan(question);
    using connection = await this.#database.connect();
    const rows = await connection.rows(`EXPLAIN ${sql}`, parameters);
    return rows.map((row) => String(row["explain_value"])).join("\n");
  }

  /** Does a query of your own over the tables of the dataset; `$1`, `$2` and so on stand for the parameters. */
  async sql(text: string, parameters: readonly Parameter[] = []): Promise<Answer<Row>> {
    return this.#onCurrentFiles(async () => {
      using connection = await this.#database.connect();
      const format = this.#options.format ?? preferredFormat(this.#manifest);
      await createViews(connection, this.model, {
        directory: this.directory,
        manifest: this.#manifest,
        format,
      });
      return await this.#logged(text, async () => {
        const measured = measureUse();
        const result = await connection.query(text, parameters);
        const files = this.#manifest.files.filter((file) => file.format === format);
        const rowsInFiles = files.reduce((sum, { rows }) => sum + rows, 0);
        const receipt = {
          filesRead: files.length,
          filesSkipped: 0,
          rowsInFiles,
          ...measured(),
          resultRows: result.rows.length,
        };
        return { ...result, sql: text, receipt };
      });
    });
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #answer(plan: QuestionPlan, question: Question<Model>, profile: boolean): Promise<Answer<Row>> {
    using connection = await this.#database.connect();
    const { sql, parameters, files } = plan;
    return await this.#logged(sql, async () => {
      const measured = measureUse();
      const path = join(tmpdir(), `agentflow-profile-${randomUUID()}.json`);
      const done = profile
        ? await profileQuery(connection, { sql, parameters, path })
        : { result: await connection.query(sql, parameters), profile: {} };
      const use = measured();
      const receipt: Receipt = {
        filesRead: files.opened.length,
        filesSkipped: files.skipped.length,
        rowsInFiles: files.opened.reduce((sum, { rows }) => sum + rows, 0),
        ...done.profile,
        ...(profile ? await this.#rowGroups(connection, plan, question) : {}),
        ...use,
        resultRows: done.result.rows.length,
      };
      return { ...done.result, sql, receipt };
    });
  }

  async #rowGroups(
    connection: DuckConnection,
    plan: QuestionPlan,
    question: Question<Model>,
  ): Promise<Pick<Receipt, "rowGroups">> {
    const files = plan.files.opened.filter(({ format }) => format === "parquet");
    if (files.length === 0) return {};
    const { columns } = tableOf(this.model, plan.fact);
    const { filters } = resolveQuestion(this.model, question as Question);
    return {
      rowGroups: await countRowGroups(connection, files, { directory: this.directory, columns, filters }),
    };
  }

  // Who publishes a new generation removes the files of the one before: then the question is asked of the new one.
  async #onCurrentFiles<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      const current = await readManifest(this.directory);
      if (current.generation === this.#manifest.generation) throw error;
      this.#manifest = current;
      return work();
    }
  }

  async #logged<Result extends { readonly rows: readonly unknown[] }>(
    sql: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { onQuery } = this.#options;
    const queryId = randomUUID();
    const timestamp = new Date().toISOString();
    const started = performance.now();
    const record = (resultRows: number, failed?: string): void =>
      onQuery?.({
        queryId,
        timestamp,
        sql,
        durationMs: performance.now() - started,
        resultRows,
        ...(failed === undefined ? {} : { failed }),
      });
    try {
      const result = await work();
      record(result.rows.length);
      return result;
    } catch (error) {
      record(0, toFailure(error).code);
      throw error;
    }
  }
}
