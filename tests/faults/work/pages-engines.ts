import { join } from "node:path";
import type { StoreBackend } from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { createEngine } from "@agentflow/runtime";
import { rowsIn, type StorePlace } from "../../store-place.ts";
import { checkPages, undisturbedPages } from "./check-pages.ts";
import {
  accountsOf,
  entriesTable,
  type PagesSettings,
  pagesTables,
  pagesWorkflow,
} from "./pages-workflow.ts";

/** Engines of this process that share a database, and the runs that they have brought to their ends. */
export interface PagesWork {
  readonly place: StorePlace;
  readonly folder: string;
  readonly settings: PagesSettings;
}

/** Makes the tables that the runs write. */
export async function createPagesTables({ place, settings }: PagesWork): Promise<void> {
  const { accounts } = settings;
  const tables = accounts === undefined ? [entriesTable] : pagesTables(accounts);
  for (const statement of tables) await rowsIn(place, statement);
}

/** An engine whose runs are named after it, on a store that it does not close. */
export class PagesEngine {
  readonly #name: string;
  readonly #engine: Engine;
  readonly #settings: PagesSettings;
  readonly runIds: string[] = [];

  private constructor(name: string, engine: Engine, settings: PagesSettings) {
    this.#name = name;
    this.#engine = engine;
    this.#settings = settings;
  }

  static async open(
    name: string,
    backend: StoreBackend,
    { folder, settings }: PagesWork,
  ): Promise<PagesEngine> {
    const artifactsDirectory = join(folder, "artifacts");
    return new PagesEngine(name, await createEngine({ store: backend, artifactsDirectory }), settings);
  }

  /** Starts a run, and tells the error that stopped it, if it did not succeed. */
  async run(): Promise<{ readonly runId: string; readonly error?: Error }> {
    const runId = `${this.#name}-${this.runIds.length}`;
    this.runIds.push(runId);
    try {
      const run = await this.#engine.start(pagesWorkflow(this.#settings), {}, { id: runId, seed: "seed" });
      await run.result();
      return { runId };
    } catch (error) {
      return { runId, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** Goes on with a run that was stopped. */
  async resume(runId: string): Promise<void> {
    await (await this.#engine.resume(runId, pagesWorkflow(this.#settings))).result();
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** Holds finished runs, and the rows that they wrote themselves, against undisturbed ones. */
export async function checkPagesWork(
  { place, folder, settings }: PagesWork,
  backend: StoreBackend,
  given: {
    readonly runIds: readonly string[];
    /** Cents that others have moved to an account. */
    readonly moved?: ReadonlyMap<number, number>;
    readonly violation: (promise: string, detail: string) => void;
  },
): Promise<void> {
  const { runIds, moved = new Map<number, number>(), violation } = given;
  const { turns, accounts } = settings;
  const reference = await undisturbedPages(folder, turns, accounts);
  const rows = await rowsIn(place, "SELECT run, turn FROM entries");
  const entries = async () => rows.map(({ run, turn }) => ({ run: String(run), turn: Number(turn) }));
  const engine = await createEngine({ store: backend, artifactsDirectory: join(folder, "artifacts") });
  const workflow = pagesWorkflow(settings);
  await checkPages({ backend, engine, entries, workflow, turns, reference, violation }, runIds);
  await engine.close();
  if (accounts === undefined) return;
  const expected = new Map(moved);
  for (let turn = 1; turn <= turns; turn++) {
    const [from, to] = accountsOf(turn, accounts);
    expected.set(from, (expected.get(from) ?? 0) - runIds.length);
    expected.set(to, (expected.get(to) ?? 0) + runIds.length);
  }
  for (const { id, cents } of await rowsIn(place, "SELECT id, cents FROM accounts")) {
    const wanted = expected.get(Number(id)) ?? 0;
    if (Number(cents) !== wanted)
      violation("transactions that meet lose no update", `account ${id} has ${cents} instead of ${wanted}`);
  }
}
