import type { RemovedRun, RunPart } from "@agentflow/core";
import { keptBlobs } from "./removable-runs.ts";
import type { RetentionSession } from "./retention-database.ts";
import { marks, type RetentionDialect, type SomeRows } from "./retention-dialect.ts";
import { blobTable, runTables } from "./run-tables.ts";

/** What was taken out of a tenant's store and is not yet purged, oldest first. */
export async function listRemoved(
  session: RetentionSession,
  tenant: string,
  limit: number,
): Promise<readonly RemovedRun[]> {
  const rows = await session.rows(
    "SELECT rid, run_id, part FROM af_removed WHERE tenant = ? ORDER BY rid LIMIT ?",
    tenant,
    limit,
  );
  return rows.map(([number, runId, part]) => ({
    number: number as number,
    runId: runId as string,
    part: part as RunPart,
  }));
}

/** Deletes some rows of a removed run, in a transaction of the caller's. */
export async function purgeRun(
  session: RetentionSession,
  dialect: RetentionDialect,
  request: { readonly tenant: string; readonly number: number; readonly rowsMax: number },
): Promise<{ readonly rows: number; readonly isDone: boolean }> {
  const { tenant, number, rowsMax } = request;
  const [removed] = await session.rows(
    `SELECT part FROM af_removed WHERE rid = ? AND tenant = ?${dialect.lock}`,
    number,
    tenant,
  );
  if (removed === undefined) return { rows: 0, isDone: true };
  const part = removed[0] as RunPart;
  let rows = 0;
  for (const { table, key, part: goesWith } of runTables) {
    if (part === "history" && goesWith === "run") continue;
    rows += await deleteSome(session, dialect, { table, key, number, limit: rowsMax - rows });
    if (rows >= rowsMax) return { rows, isDone: false };
  }
  const limit = rowsMax - rows;
  rows +=
    part === "run"
      ? await deleteSome(session, dialect, { ...blobTable, number, limit })
      : await deleteBlobs(session, number, limit);
  if (rows >= rowsMax) return { rows, isDone: false };
  await session.change("DELETE FROM af_removed WHERE rid = ?", number);
  return { rows, isDone: true };
}

async function deleteSome(
  session: RetentionSession,
  dialect: RetentionDialect,
  rows: SomeRows,
): Promise<number> {
  const { sql, values } = dialect.deleteSome(rows);
  return session.change(sql, ...values);
}

/** Deletes blobs that neither the input nor a mark of the run refers to. */
async function deleteBlobs(session: RetentionSession, number: number, limit: number): Promise<number> {
  const kept = new Set(await keptBlobs(session, number));
  const stored = await session.rows("SELECT hash FROM af_blobs WHERE rid = ?", number);
  const going = stored
    .map(([hash]) => hash as string)
    .filter((hash) => !kept.has(hash))
    .slice(0, limit);
  if (going.length === 0) return 0;
  return session.change(`DELETE FROM af_blobs WHERE rid = ? AND hash IN (${marks(going)})`, number, ...going);
}
