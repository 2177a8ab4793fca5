import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { type JsonObject, sha256Hex } from "@agentflow/core";
import { memoryArtifacts, memoryCache, openMemory, openSqlite } from "@agentflow/store";
import { formatHistory, parseHistory, type RecordedHistory, readRecordedHistory } from "@agentflow/telemetry";
import { hashesFile } from "./hash-list.ts";
import {
  historiesFolder,
  loadRecorded,
  type RecordedWorkflow,
  workflowsFolder,
} from "./recorded-workflow.ts";
import { replayHistory } from "./replay-history.ts";
import { openStage } from "./stage.ts";

/** What to record. */
export interface RecordRequest {
  /** File that exports a workflow as `recorded`; one elsewhere is copied into `workflows/`. */
  readonly file: string;
  /** Input that takes the place of the exported one. */
  readonly input?: object | undefined;
}

/**
 * Runs a workflow, writes what became of it as a history that later versions have to replay, and adds its hash to the
 * list. Throws if there is one of that name already: a history is never recorded again.
 */
export async function recordHistory({ file, input }: RecordRequest): Promise<string> {
  const path = frozen(resolve(file));
  const name = basename(path, ".ts");
  const target = join(historiesFolder, `${name}.jsonl`);
  if (existsSync(target))
    throw new Error(`${target} is there already: record another version under another name.`);
  const workflow = await loadRecorded(path);
  const run = await play(name, input === undefined ? workflow : { ...workflow, input });
  const { outcome, ended } = await replayHistory(openMemory(), run, workflow);
  const about: JsonObject = { name, outcome, ...(ended === undefined ? {} : { ended }) };
  const text = formatHistory({ ...run, about });
  parseHistory(text);
  writeFileSync(target, text);
  appendFileSync(hashesFile, `${sha256Hex(text)}  ${name}.jsonl\n`);
  return target;
}

/** Copies a file from elsewhere, which must then stand on its own. */
function frozen(path: string): string {
  if (dirname(path) === resolve(workflowsFolder)) return path;
  const copy = join(workflowsFolder, `${basename(path, ".ts").replace(/-v\d+$/, "")}-v1.ts`);
  if (existsSync(copy)) throw new Error(`${copy} is there already: give the file another name.`);
  if (/from "\.\.?\//.test(readFileSync(path, "utf8"))) {
    throw new Error(`${path} imports other files, which may change: it has to stand on its own.`);
  }
  copyFileSync(path, copy);
  return copy;
}

/** Plays the story of a run on a file of its own, and reads the run. */
async function play(name: string, { recorded, input, story }: RecordedWorkflow): Promise<RecordedHistory> {
  // The stack of a failure names places of the machine that recorded it.
  Error.stackTraceLimit = 0;
  const folder = mkdtempSync(join(tmpdir(), "agentflow-history-"));
  const backend = await openSqlite({ path: join(folder, "agentflow.db") });
  const artifacts = memoryArtifacts();
  const { stage, close } = openStage({ backend, artifacts, cache: memoryCache(), runId: name });
  try {
    if (story === undefined) await (await stage.start(recorded, input)).settled();
    else await story(stage);
    await close();
    return await readRecordedHistory({ store: backend.runs, artifacts, tenant: "default", runId: name }, {});
  } finally {
    await backend.runs.close();
    rmSync(folder, { recursive: true });
  }
}
