import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileArtifacts, openSqlite } from "@agentflow/store";
import { Acknowledgements, type Loss } from "../work/acknowledgements.ts";
import { missingArtifacts } from "../work/check-pages.ts";
import { readPagesLine } from "../work/pages-process.ts";
import type { DiskOperation } from "./write-trace.ts";

/** What a process had acknowledged at a moment of its trace. */
export function acknowledgedBefore(operations: readonly DiskOperation[], at: number): Acknowledgements {
  const acknowledged = new Acknowledgements();
  for (const operation of operations) {
    if (operation.kind !== "say" || operation.end > at) continue;
    const message = readPagesLine(operation.text);
    if (message !== undefined) acknowledged.take(message);
  }
  return acknowledged;
}

/**
 * Opens what a power loss has left in `folder`; gives what is missing of the acknowledged. Tells when the database is
 * not whole, or does not have the content of an artifact that is committed.
 */
export async function lookAtDisk(
  folder: string,
  acknowledged: Acknowledgements,
  violation: (promise: string, detail: string) => void,
): Promise<readonly Loss[]> {
  const path = join(folder, "agentflow.db");
  acknowledged.take({ said: "opening" });
  if (!existsSync(path)) return acknowledged.missing();
  const backend = await openSqlite({ path });
  const heads = await backend.runs.listRuns({ tenant: "default", limit: 1_000_000 });
  for (const { runId, seq, status } of heads) acknowledged.take({ said: "found", runId, seq, status });
  const runIds = heads.map(({ runId }) => runId);
  const artifacts = fileArtifacts({ directory: join(folder, "artifacts") });
  for (const missing of await missingArtifacts(backend, artifacts, runIds))
    violation("the content of a committed artifact is there", missing);
  await backend.runs.close();
  const db = new DatabaseSync(path, { readOnly: true });
  const integrity = db.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  db.close();
  if (integrity !== "ok") violation("the database is whole", String(integrity));
  return acknowledged.missing();
}
