import { randomUUID } from "node:crypto";
import { DatasetError, invariant, type RunHead, type RunStore } from "@agentflow/core";
import type { DuckConnection } from "../execute/duck-database.ts";
import { quoteName } from "../execute/sql-text.ts";
import { tableFromRows } from "../execute/table-from-rows.ts";
import { inParallel } from "../generate/in-parallel.ts";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetFile, DatasetManifest } from "../storage/dataset-manifest.ts";
import type { DatasetWriter, StagedFile } from "../storage/dataset-writer.ts";
import { stageTable } from "../storage/stage-table.ts";
import { DimensionKeys, dimensionTables } from "./dimension-keys.ts";
import { findExported, lastRunKey, readDimensions, runIdentity, withoutRuns } from "./exported-runs.ts";
import { FactTables } from "./fact-tables.ts";
import { blobsOfFacts, factTables, RunFacts } from "./run-facts.ts";
import { runs } from "./runs-model.ts";

/** What became of some runs that were to be added. */
export interface AddedRuns {
  /** Runs that were added. */
  readonly runs: number;
  /** Those of them that stand in place of what was there before they went on. */
  readonly replaced: number;
  /** Runs that were there as they are. */
  readonly known: number;
}

/** Runs that are read at once, and rows of a run that are read together. */
const readers = 8;
const rowsAtOnce = 500;

const parquet = { formats: ["parquet"] } as const;
const noBlobs: ReadonlyMap<string, string> = new Map();

/** A `runs` dataset that runs are added to. */
export class RunsDataset {
  /** What the claims of its exports carry. */
  readonly id: string;
  readonly #writer: DatasetWriter;
  readonly #connection: DuckConnection;
  readonly #keys: DimensionKeys;

  private constructor(id: string, writer: DatasetWriter, connection: DuckConnection, keys: DimensionKeys) {
    this.id = id;
    this.#writer = writer;
    this.#connection = connection;
    this.#keys = keys;
  }

  /** Opens the dataset of a writer. One that is not there yet is published without runs, for claims carry its id. */
  static async open(writer: DatasetWriter, connection: DuckConnection): Promise<RunsDataset> {
    const { directory, manifest } = writer;
    if (manifest === undefined) {
      const made = new RunsDataset(randomUUID(), writer, connection, new DimensionKeys());
      await made.#publish(await made.#stageDimensions(), new Set());
      return made;
    }
    const { id } = manifest.origin;
    if (typeof id !== "string") {
      throw new DatasetError(
        "AF_DATASET_FAILED",
        `${directory} was not made by an export, which cannot go on with it.`,
      );
    }
    return new RunsDataset(id, writer, connection, await readDimensions(connection, directory, manifest));
  }

  /** What the dataset consists of. */
  get manifest(): DatasetManifest {
    const { manifest } = this.#writer;
    invariant(manifest !== undefined, "a dataset that is open was published");
    return manifest;
  }

  /** Makes the dataset hold these runs as they are, each once: by one publication, or none if it holds them. */
  async add(store: RunStore, heads: readonly RunHead[]): Promise<AddedRuns> {
    const place = { directory: this.#writer.directory, manifest: this.manifest };
    const exported = await findExported(this.#connection, place, heads);
    const before = (head: RunHead) => exported.get(runIdentity(head));
    const fresh = heads.filter((head) => before(head)?.sequence !== head.seq);
    const known = heads.length - fresh.length;
    if (fresh.length === 0) return { runs: 0, replaced: 0, known };
    const facts = await FactTables.create(this.#connection);
    const told = await this.#tellAll(store, fresh, facts);
    const old = told.flatMap((head) => before(head)?.runKey ?? []);
    const rewrite = await withoutRuns(this.#writer, this.#connection, old);
    const add = [...rewrite.add, ...(await this.#stageDimensions())];
    for (const table of factTables)
      add.push(...(await stageTable(this.#writer, this.#connection, { model: runs, table }, parquet)));
    await this.#publish(add, rewrite.replaced);
    return { runs: told.length, replaced: old.length, known };
  }

  /** Gathers the facts of runs; gives those that were still there to the end. */
  async #tellAll(store: RunStore, heads: readonly RunHead[], facts: FactTables): Promise<RunHead[]> {
    const last = lastRunKey(this.manifest);
    const jobs = heads.map((head, index) => ({ head, runKey: last + 1 + index }));
    const told: RunHead[] = [];
    await inParallel(jobs, [...new Array(readers).keys()], async ({ head, runKey }) => {
      if (await this.#tell(store, { head, runKey }, facts)) told.push(head);
      else await facts.withdraw(runKey);
    });
    await facts.flush();
    return told;
  }

  async #tell(
    store: RunStore,
    { head, runKey }: { readonly head: RunHead; readonly runKey: number },
    facts: FactTables,
  ): Promise<boolean> {
    const { tenant, runId, events } = head;
    const gathered = new RunFacts(head, runKey, this.#keys, facts.add);
    for (let afterEvent = 0; ; ) {
      const page = await store.readRecords({ tenant, runId, afterEvent, limit: rowsAtOnce });
      // Somebody may go on with a failed run meanwhile; this is about the run as it was claimed.
      const records = page.filter(({ row }) => row.event <= events);
      const hashes = blobsOfFacts(records);
      const blobs = hashes.length === 0 ? noBlobs : await store.readBlobs(tenant, runId, hashes);
      for (const record of records) {
        if (gathered.take(record, blobs)) await facts.withdraw(runKey);
      }
      await facts.flushIfFull();
      const lastEvent = records.at(-1)?.row.event;
      if (lastEvent === undefined || records.length < rowsAtOnce) return gathered.finish();
      afterEvent = lastEvent;
    }
  }

  // The tables also serve the fact tables, which are cut into folders by them.
  async #stageDimensions(): Promise<StagedFile[]> {
    const staged: StagedFile[] = [];
    for (const table of dimensionTables) {
      await this.#connection.run(`DROP TABLE IF EXISTS ${quoteName(table)}`);
      const { columns } = tableOf(runs, table);
      await tableFromRows(this.#connection, table, columns, this.#keys.rows(table));
      staged.push(...(await stageTable(this.#writer, this.#connection, { model: runs, table }, parquet)));
    }
    return staged;
  }

  async #publish(add: readonly StagedFile[], replaced: ReadonlySet<DatasetFile>): Promise<void> {
    await this.#writer.publish({
      origin: { id: this.id },
      add,
      keep: (file) => file.table.startsWith("fact_") && !replaced.has(file),
    });
  }
}
