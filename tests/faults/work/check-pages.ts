import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import { type ArtifactStore, eventsOf, type StoreBackend } from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { createEngine } from "@agentflow/runtime";
import { fileArtifacts, openSqlite } from "@agentflow/store";
import { pictureOf, type RunPicture } from "@agentflow/testkit";
import type { PagesProcessSettings } from "./pages-process.ts";
import { pagesWorkflow } from "./pages-workflow.ts";

/** What the checks of pages runs look at. */
export interface PagesCheck {
  readonly backend: StoreBackend;
  readonly engine: Engine;
  /** All rows of the entries table. */
  readonly entries: () => Promise<readonly { readonly run: string; readonly turn: number }[]>;
  readonly workflow: Parameters<Engine["replay"]>[1];
  readonly turns: number;
  /** The picture of an undisturbed run. */
  readonly reference: RunPicture;
  readonly violation: (promise: string, detail: string) => void;
}

const tenant = "default";

/**
 * Holds runs that have ended against an undisturbed one: same outcome to the byte, each committed once, replays
 * strictly, and the rows of its own are there once.
 */
export async function checkPages(check: PagesCheck, runIds: readonly string[]): Promise<void> {
  const { backend, engine, workflow, reference, violation } = check;
  for (const runId of runIds) {
    const head = await backend.runs.readHead(tenant, runId);
    if (head?.status !== "succeeded") {
      violation("each run succeeds in the end", `${runId} is ${head?.status ?? "not there"}`);
      continue;
    }
    const picture = await pictureOf({ backend, tenant, runId });
    if (!isDeepStrictEqual(picture, reference))
      violation(
        "a disturbed run ends like an undisturbed one",
        `${runId}: ${difference(picture, reference)}`,
      );
    for (const problem of await doubledEvents(backend, runId))
      violation("events are dense and increasing", problem);
    try {
      await engine.replay(runId, workflow, { strict: true });
    } catch (error) {
      violation("a disturbed run replays strictly", `${runId}: ${String(error)}`);
    }
  }
  await checkEntries(check, runIds);
}

async function doubledEvents({ runs }: StoreBackend, runId: string): Promise<readonly string[]> {
  const records = await runs.readRecords({ tenant, runId, afterEvent: 0, limit: 1_000_000 });
  const seqs = records.flatMap((record) => eventsOf(record, { runId })).map(({ seq }) => seq);
  const odd = seqs.findIndex((seq, index) => seq !== index + 1);
  return odd === -1 ? [] : [`${runId} has event ${seqs[odd]} at place ${odd + 1}`];
}

async function checkEntries(
  { entries, turns, violation }: PagesCheck,
  runIds: readonly string[],
): Promise<void> {
  const found = new Map<string, number[]>();
  for (const { run, turn } of await entries()) found.set(run, [...(found.get(run) ?? []), turn]);
  const expected = Array.from({ length: turns }, (_each, index) => index + 1);
  for (const runId of runIds) {
    const seen = (found.get(runId) ?? []).sort((a, b) => a - b);
    if (!isDeepStrictEqual(seen, expected))
      violation("an effect of ctx.tx is there once", `${runId} has the turns ${seen.join(" ")}`);
  }
}

/** The first line in which two pictures differ. */
function difference(found: RunPicture, expected: RunPicture): string {
  for (const key of Object.keys(expected) as (keyof RunPicture)[]) {
    const [here, there] = [found[key], expected[key]].map((value) =>
      typeof value === "string" ? value.split("\n") : value,
    );
    const index = there?.findIndex((line, place) => line !== here?.[place]) ?? -1;
    if (index !== -1) return `${key} ${index} is ${here?.[index]} instead of ${there?.[index]}`;
    if (here?.length !== there?.length) return `${key} has ${here?.length} instead of ${there?.length}`;
  }
  return "nothing that can be named";
}

/** Says which contents that runs name as artifacts are not there. */
export async function missingArtifacts(
  { runs }: StoreBackend,
  artifacts: ArtifactStore,
  runIds: readonly string[],
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const runId of runIds) {
    const records = await runs.readRecords({ tenant, runId, afterEvent: 0, limit: 1_000_000 });
    const text = records.map(({ row }) => ("detail" in row ? (row.detail ?? "") : "")).join("\n");
    const hashes = new Set([...text.matchAll(/"sha256":"([0-9a-f]{64})"/g)].map(([, hash]) => hash ?? ""));
    for (const hash of hashes) if (!(await artifacts.has(tenant, hash))) missing.push(`${hash} of ${runId}`);
  }
  return missing;
}

/** Executes a run undisturbed, on a SQLite store of its own in `folder`, and gives its picture. */
export async function undisturbedPages(
  folder: string,
  turns: number,
  accounts?: number,
): Promise<RunPicture> {
  const own = mkdtempSync(join(folder, "undisturbed-"));
  const backend = await openSqlite({ path: join(own, "agentflow.db") });
  const engine = await createEngine({ store: backend, artifactsDirectory: join(own, "artifacts") });
  const runId = "undisturbed";
  const run = await engine.start(
    pagesWorkflow({ turns, store: "sqlite", ...(accounts === undefined ? {} : { accounts }) }),
    {},
    { id: runId, seed: "seed" },
  );
  await run.result();
  await engine.close();
  const picture = await pictureOf({ backend, tenant, runId });
  await backend.runs.close();
  return picture;
}

/** Checks what a pages process has left on its SQLite store when all runs should be through. */
export async function checkStored(
  settings: Pick<PagesProcessSettings, "folder" | "runs" | "turns">,
  violation: PagesCheck["violation"],
): Promise<void> {
  const { folder, runs, turns } = settings;
  const path = join(folder, "agentflow.db");
  const db = new DatabaseSync(path);
  const integrity = db.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  if (integrity !== "ok") violation("the database is whole", String(integrity));
  const rows = db.prepare("SELECT run, turn FROM entries").all() as { run: string; turn: number }[];
  db.close();
  const reference = await undisturbedPages(folder, turns);
  const backend = await openSqlite({ path });
  const artifactsDirectory = join(folder, "artifacts");
  const engine = await createEngine({ store: backend, artifactsDirectory });
  const runIds = Array.from({ length: runs }, (_each, number) => `run-${number}`);
  await checkPages(
    {
      backend,
      engine,
      entries: async () => rows,
      workflow: pagesWorkflow({ turns, store: "sqlite" }),
      turns,
      reference,
      violation,
    },
    runIds,
  );
  const artifacts = fileArtifacts({ directory: artifactsDirectory });
  for (const missing of await missingArtifacts(backend, artifacts, runIds))
    violation("the content of a committed artifact is there", missing);
  await engine.close();
  await backend.runs.close();
}
