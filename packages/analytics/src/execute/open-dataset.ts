import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { DatasetError, invariant, QueryRefusedError } from "@agentflow/core";
import type { DatasetModel } from "../model/dataset-model.ts";
import { planQuestion, type QuestionPlan } from "../plan/plan-question.ts";
import type { AnswerRow, Question, WindowMeasure } from "../plan/question.ts";
import type { DatasetManifest, FileFormat } from "../storage/dataset-manifest.ts";
import { type FoundDataset, readManifest } from "../storage/read-dataset.ts";
import { findRollups, type RollupManifest } from "../storage/rollup-manifest.ts";
import type { Answer } from "./answer.ts";
import { answerPlan } from "./answer-plan.ts";
import { createViews, preferredFormat } from "./dataset-views.ts";
import { type DuckConnection, DuckDatabase, type DuckSettings, type Parameter } from "./duck-database.ts";
import { planTree } from "./plan-tree.ts";
import { QueryService } from "./query-service.ts";
import type { QueryRecord } from "./receipt.ts";
import { measureUse } from "./resource-use.ts";
import { type WrittenAnswer, writeParquet } from "./write-parquet.ts";

/** How a dataset is opened. */
export interface OpenOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** Which files are read; Parquet where there are some, if not given. */
  readonly format?: FileFormat;
  /** How many questions are answered at once, each on all threads; 2 if not given. The others wait in order. */
  readonly atOnce?: number;
  /** How many questions may wait; 1,000 if not given. */
  readonly waitingMax?: number;
  /** Folders beside the dataset whose files SQL may read too; none if not given. */
  readonly alsoRead?: readonly string[];
  /** Takes a record of each query, also of one that failed. */
  readonly onQuery?: (record: QueryRecord) => void;
}

/** How one question is answered. */
export interface AskOptions {
  /** Counts row groups and scanned rows too, and reads the columns again to time a bare scan of them. */
  readonly profile?: boolean;
  /** False to read every file, also those in which nothing matches: what a comparison is made with. */
  readonly prune?: boolean;
  /** Which files are read; those that the dataset was opened with, if not given. */
  readonly format?: FileFormat;
  /** False to answer from the files of the fact table, also where a rollup has the answer. */
  readonly rollups?: boolean;
  /** Calls the question off: it leaves the queue, or DuckDB is interrupted. */
  readonly signal?: AbortSignal;
}

const noFiles = { filesRead: 0, filesSkipped: 0, rowsInFiles: 0, bytesInFiles: 0 } as const;

/**
 * A dataset that is open for questions. Many may be asked at once: equal ones are answered together, the others in the
 * order in which they came.
 */
export class OpenDataset<Model extends DatasetModel = DatasetModel> implements Disposable {
  readonly model: Model;
  readonly directory: string;
  readonly #database: DuckDatabase;
  readonly #service: QueryService;
  readonly #options: OpenOptions;
  readonly #scratch: string;
  #manifest: DatasetManifest;
  #rollups: RollupManifest | undefined;
  #views: { readonly generation: number; readonly made: Promise<void> } | undefined;

  private constructor(
    model: Model,
    found: FoundDataset,
    database: DuckDatabase,
    place: {
      readonly options: OpenOptions;
      readonly scratch: string;
      readonly rollups: RollupManifest | undefined;
    },
  ) {
    this.model = model;
    this.directory = found.directory;
    this.#manifest = found.manifest;
    this.#database = database;
    this.#options = place.options;
    this.#scratch = place.scratch;
    this.#rollups = place.rollups;
    const { atOnce = 2, waitingMax = 1_000, onQuery } = place.options;
    this.#service = new QueryService(database, { atOnce, waitingMax, onQuery });
  }

  /** Opens the dataset in a folder. Throws DatasetError, ConfigError. */
  static async open<Model extends DatasetModel>(
    model: Model,
    folder: string,
    options: OpenOptions = {},
  ): Promise<OpenDataset<Model>> {
    const manifest = await readManifest(folder);
    const directory = resolve(folder);
    const { threads, memoryLimitMb, alsoRead = [] } = options;
    const scratch = join(tmpdir(), `agentflow-analytics-${randomUUID()}`);
    const database = await DuckDatabase.open(folder, {
      temporaryDirectory: scratch,
      reach: [directory, scratch, ...alsoRead.map((each) => resolve(each))],
      ...(threads === undefined ? {} : { threads }),
      ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    });
    const rollups = await findRollups(directory);
    return new OpenDataset(model, { directory, manifest }, database, { options, scratch, rollups });
  }

  /** What the dataset consists of, as of the last question. */
  get manifest(): DatasetManifest {
    return this.#manifest;
  }

  /** True if rollups were made for the dataset, be they of now or of before. */
  get hasRollups(): boolean {
    return this.#rollups !== undefined;
  }

  /** True if the dataset has rollups, and they were made of what it consists of now; others are never read. */
  get rollupsAreCurrent(): boolean {
    return this.#rollups !== undefined && this.#rollups.generation === this.#manifest.generation;
  }

  /** How many questions are being answered, and how many wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    return this.#service.load;
  }

  /** The SQL of a question and the files that it would read, without reading them. Throws QueryError. */
  plan(
    question: Question<Model>,
    options: Pick<AskOptions, "prune" | "format" | "rollups"> = {},
  ): QuestionPlan {
    const { prune = true, format = this.#format } = options;
    const mayRollUp =
      options.rollups !== false && prune && (options.format ?? this.#options.format) === undefined;
    const rollups = mayRollUp && this.rollupsAreCurrent ? (this.#rollups?.rollups ?? []) : [];
    const source = { directory: this.directory, manifest: this.#manifest, format, prune, rollups };
    return planQuestion(this.model, source, question as Question);
  }

  /** Answers a question. Throws QueryError, QueryCancelledError, QueryQueueFullError, DatasetError. */
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
    const { profile = false, signal } = options;
    const answer = await this.#onCurrentFiles(() => {
      const plan = this.plan(asked, options);
      return this.#service.answer(
        {
          key: JSON.stringify([plan.sql, plan.parameters, profile]),
          sql: plan.sql,
          work: (connection, signal) =>
            answerPlan(connection, plan, {
              model: this.model,
              question: asked as Question,
              directory: this.directory,
              scratch: this.#scratch,
              profile,
              signal,
            }),
        },
        signal,
      );
    });
    return answer as unknown as Answer<AnswerRow<Model, By, Asked, Windows>>;
  }

  /** Answers several questions at once, in their order. The first failure calls off the others, and is thrown. */
  async askAll(questions: readonly Question<Model>[], options: AskOptions = {}): Promise<readonly Answer[]> {
    const stop = new AbortController();
    const signal =
      options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
    try {
      return await Promise.all(
        questions.map(async (question) => (await this.ask(question, { ...options, signal })) as Answer),
      );
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  }

  /**
   * Writes the answer to a question, or to a SELECT of your own, to a Parquet file, in place of one that is there. Throws
   * what `ask` and `sql` throw.
   */
  async writeParquet(
    question: Question<Model> | string,
    path: string,
    options: AskOptions = {},
  ): Promise<WrittenAnswer> {
    let written: WrittenAnswer | undefined;
    await this.#onCurrentFiles(() => {
      const { sql, parameters } =
        typeof question === "string" ? { sql: question, parameters: [] } : this.plan(question, options);
      const work = async (connection: DuckConnection, signal: AbortSignal): Promise<Answer> => {
        if (typeof question === "string") {
          await this.#madeViews();
          await requireSelect(connection, question);
        }
        const measured = measureUse();
        const request = { sql, parameters, path: resolve(path), scratch: this.#scratch, signal };
        written = await writeParquet(connection, request);
        const receipt = { ...noFiles, ...measured(), resultRows: written.rows };
        return { columns: [], rows: [], sql, receipt };
      };
      return this.#service.answer({ key: randomUUID(), sql, work }, options.signal);
    });
    invariant(written !== undefined, "an answer that was written says where");
    return written;
  }

  /**
   * The plan of DuckDB for a question, as text; with `analyze` the question is answered, and the plan has its times, with
   * `tree` it is one line for each operator.
   */
  async explain(
    question: Question<Model>,
    options: Pick<AskOptions, "prune" | "format" | "rollups"> & {
      readonly analyze?: boolean;
      readonly tree?: boolean;
    } = {},
  ): Promise<string> {
    const { sql, parameters } = this.plan(question, options);
    const { analyze = false, tree = false } = options;
    const text = `EXPLAIN ${analyze ? "ANALYZE " : tree ? "(FORMAT json) " : ""}${sql}`;
    const { rows } = await this.#service.answer({
      key: JSON.stringify([text, parameters]),
      sql: text,
      work: async (connection, signal) => {
        const measured = measureUse();
        const result = await connection.query(text, parameters, signal);
        const receipt = { ...noFiles, ...measured(), resultRows: result.rows.length };
        return { ...result, sql: text, receipt };
      },
    });
    const told = rows.map((row) => String(row["explain_value"])).join("\n");
    return tree && !analyze ? planTree(told) : told;
  }

  /**
   * Does a SELECT of your own over the tables of the dataset; `$1`, `$2` and so on stand for the parameters. It reaches
   * no other file and no network. Throws QueryRefusedError for anything else, and what `ask` throws.
   */
  async sql(
    text: string,
    parameters: readonly Parameter[] = [],
    { signal }: Pick<AskOptions, "signal"> = {},
  ): Promise<Answer> {
    return await this.#onCurrentFiles(() =>
      this.#service.answer(
        {
          key: JSON.stringify([this.#manifest.generation, text, parameters]),
          sql: text,
          work: (connection, stop) => this.#select(connection, text, { parameters, signal: stop }),
        },
        signal,
      ),
    );
  }

  /** Takes up what was published since: months that were appended, rollups that were made. False if nothing was. */
  async refresh(): Promise<boolean> {
    const [manifest, rollups] = [await readManifest(this.directory), await findRollups(this.directory)];
    const isNew =
      manifest.generation !== this.#manifest.generation || !isDeepStrictEqual(rollups, this.#rollups);
    this.#manifest = manifest;
    this.#rollups = rollups;
    return isNew;
  }

  close(): void {
    this.#service.close();
    this.#database.close();
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #format(): FileFormat {
    return this.#options.format ?? preferredFormat(this.#manifest);
  }

  async #select(
    connection: DuckConnection,
    text: string,
    { parameters, signal }: { readonly parameters: readonly Parameter[]; readonly signal: AbortSignal },
  ): Promise<Answer> {
    await this.#madeViews();
    await requireSelect(connection, text);
    const measured = measureUse();
    const result = await connection.query(text, parameters, signal);
    const files = this.#manifest.files.filter(({ format }) => format === this.#format);
    const receipt = {
      filesRead: files.length,
      filesSkipped: 0,
      rowsInFiles: files.reduce((sum, { rows }) => sum + rows, 0),
      bytesInFiles: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      ...measured(),
      resultRows: result.rows.length,
    };
    return { ...result, sql: text, receipt };
  }

  // Views belong to the database, so they are made once for all connections.
  async #madeViews(): Promise<void> {
    const { generation } = this.#manifest;
    if (this.#views?.generation !== generation) {
      const place = { directory: this.directory, manifest: this.#manifest, format: this.#format };
      const make = async (): Promise<void> => {
        using connection = await this.#database.connect();
        await createViews(connection, this.model, place);
      };
      this.#views = { generation, made: make() };
    }
    try {
      await this.#views.made;
    } catch (error) {
      this.#views = undefined;
      throw error;
    }
  }

  // Who publishes a new generation removes the files of the one before, and who makes rollups those of before: then the
  // question is asked of what is there now.
  async #onCurrentFiles<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatasetError) || !(await this.refresh())) throw error;
      return work();
    }
  }
}

const explainPrefix = /^\s*EXPLAIN\s+(?:ANALYZE\s+|\([^)]*\)\s*)?/i;

// EXPLAIN ANALYZE does what it explains, so that has to be a SELECT too.
async function requireSelect(connection: DuckConnection, text: string): Promise<void> {
  const kind = await connection.kindOf(text);
  if (kind === "select") return;
  const explained = kind === "explain" ? text.replace(explainPrefix, "") : text;
  if (explained !== text && (await connection.kindOf(explained)) === "select") return;
  throw new QueryRefusedError("This is not one SELECT, nor EXPLAIN of one.");
}
