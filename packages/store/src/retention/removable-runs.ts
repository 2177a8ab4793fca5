import type {
  FinishedStatus,
  Footprint,
  RemovableRun,
  RemovalRule,
  RetentionPage,
  RunPart,
  RunPlace,
  SqlValue,
} from "@agentflow/core";
import { blobBytes } from "./redundant-snapshots.ts";
import { removableStatuses } from "./removable-statuses.ts";
import type { RetentionSession } from "./retention-database.ts";
import { marks, type RetentionDialect } from "./retention-dialect.ts";
import { blobTable, bytesOf, hashesIn, originTexts, runTables } from "./run-tables.ts";

const isExported =
  "EXISTS (SELECT 1 FROM af_exports e WHERE e.rid = r.rid AND e.seq = r.seq AND e.exported_at IS NOT NULL)";
// The row of an owner is removed once its process is known to be dead.
const isFree = "(r.owner IS NULL OR NOT EXISTS (SELECT 1 FROM af_owners w WHERE w.owner_id = r.owner))";

/** What a rule asks of a run `r`, its `keep` aside. */
function conditionOf(rule: RemovalRule): {
  readonly condition: string;
  readonly values: readonly SqlValue[];
} {
  const { tenant, part, finishedBefore, unexported } = rule;
  const conditions = ["r.tenant = ?", isFree];
  const values: SqlValue[] = [tenant];
  if (finishedBefore !== undefined) {
    // The first condition is a range of the index: no run has ended before it was made.
    conditions.push("r.created_at < ?", "r.updated_at < ?");
    values.push(finishedBefore, finishedBefore);
  }
  if (part === "history") conditions.push("r.history_removed_at IS NULL");
  if (!unexported) conditions.push(isExported);
  return { condition: conditions.join(" AND "), values };
}

/** A page of the runs that a rule lets go, oldest first. */
export async function listRemovable(
  session: RetentionSession,
  dialect: RetentionDialect,
  rule: RemovalRule,
  { after, limit }: { readonly after?: RunPlace; readonly limit: number },
): Promise<RetentionPage<RemovableRun>> {
  const statuses = removableStatuses(rule);
  const boundary = await oldestKept(session, dialect, rule);
  if (statuses.length === 0 || boundary === "all are kept") return { items: [], next: undefined };
  const { condition, values } = conditionOf(rule);
  const conditions = [condition];
  const bound = [...values];
  if (boundary !== undefined) {
    conditions.push("r.created_at <= ?", "(r.created_at < ? OR r.rid < ?)");
    bound.push(boundary.createdAt, boundary.createdAt, boundary.number);
  }
  if (after !== undefined) {
    conditions.push("r.created_at >= ?", "(r.created_at > ? OR r.rid > ?)");
    bound.push(after.createdAt, after.createdAt, after.number);
  }
  const ranges = statuses.map(
    (
      status,
    ) => `SELECT * FROM (SELECT r.rid, r.created_at, r.status, CASE WHEN ${isExported} THEN 1 ELSE 0 END AS exported
      FROM af_runs r${dialect.listHint("af_runs_newest")}
      WHERE r.status = '${status}' AND ${conditions.join(" AND ")} ORDER BY r.created_at, r.rid LIMIT ?) ${status}`,
  );
  const rows = await session.rows(
    `SELECT o.run_id, found.status, found.exported, found.created_at, found.rid
      FROM (${ranges.join(" UNION ALL ")}) found JOIN af_origins o ON o.rid = found.rid
      ORDER BY found.created_at, found.rid LIMIT ?`,
    ...statuses.flatMap(() => [...bound, limit]),
    limit,
  );
  const items = rows.map(([runId, status, exported]) => ({
    runId: runId as string,
    status: status as FinishedStatus,
    exported: exported === 1,
  }));
  const last = rows.at(-1);
  if (last === undefined || rows.length < limit) return { items, next: undefined };
  return { items, next: { createdAt: last[3] as number, number: last[4] as number } };
}

/** The oldest of the newest `keep` runs of a rule's statuses. */
async function oldestKept(
  session: RetentionSession,
  dialect: RetentionDialect,
  rule: RemovalRule,
): Promise<RunPlace | "all are kept" | undefined> {
  const { tenant, keep = 0 } = rule;
  if (keep === 0) return undefined;
  const statuses = removableStatuses(rule);
  if (statuses.length === 0) return "all are kept";
  const ranges = statuses.map(
    (status) => `SELECT * FROM (SELECT rid, created_at FROM af_runs${dialect.listHint("af_runs_newest")}
      WHERE tenant = ? AND status = '${status}' ORDER BY created_at DESC, rid DESC LIMIT ?) ${status}`,
  );
  const [oldest] = await session.rows(
    `SELECT created_at, rid FROM (${ranges.join(" UNION ALL ")}) found
      ORDER BY created_at DESC, rid DESC LIMIT 1 OFFSET ?`,
    ...statuses.flatMap(() => [tenant, keep]),
    keep - 1,
  );
  if (oldest === undefined) return "all are kept";
  return { createdAt: oldest[0] as number, number: oldest[1] as number };
}

/** Takes runs out of the store in a transaction of the caller's; returns the ids of those that still fitted the rule. */
export async function removeRuns(
  session: RetentionSession,
  dialect: RetentionDialect,
  rule: RemovalRule,
  { runIds, at }: { readonly runIds: readonly string[]; readonly at: number },
): Promise<readonly string[]> {
  const statuses = removableStatuses(rule);
  if (statuses.length === 0 || runIds.length === 0) return [];
  const { condition, values } = conditionOf(rule);
  const named = await namedRuns(session, dialect, rule.tenant, runIds);
  if (named.size === 0) return [];
  const all = [...named.keys()];
  // As those who put into an inbox and then those who commit do it, so that nobody waits in a circle. Only what is read
  // after that is sure: a process may have registered and taken a run while this one waited.
  await session.rows(
    `SELECT rid FROM af_origins WHERE rid IN (${marks(all)}) ORDER BY rid${dialect.lock}`,
    ...all,
  );
  await session.rows(
    `SELECT rid FROM af_runs WHERE rid IN (${marks(all)}) ORDER BY rid${dialect.lock}`,
    ...all,
  );
  const fitting = await session.rows(
    `SELECT r.rid FROM af_runs r WHERE r.rid IN (${marks(all)}) AND r.status IN (${marks(statuses)}) AND ${condition}`,
    ...all,
    ...statuses,
    ...values,
  );
  const numbers = fitting.map(([rid]) => rid as number);
  if (numbers.length === 0) return [];
  const list = marks(numbers);
  // What is being purged of its history may now go whole.
  await session.change(`DELETE FROM af_removed WHERE rid IN (${list})`, ...numbers);
  await session.change(
    `INSERT INTO af_removed (rid, tenant, run_id, part)
      SELECT rid, tenant, run_id, '${rule.part}' FROM af_origins WHERE rid IN (${list})`,
    ...numbers,
  );
  if (rule.part === "history") {
    await session.change(`UPDATE af_runs SET history_removed_at = ? WHERE rid IN (${list})`, at, ...numbers);
  } else {
    for (const table of ["af_exports", "af_runs", "af_origins"])
      await session.change(`DELETE FROM ${table} WHERE rid IN (${list})`, ...numbers);
  }
  return numbers.map((rid) => named.get(rid) as string);
}

/** What a part of these runs takes; give it a snapshot of the database. */
export async function measureRuns(
  session: RetentionSession,
  dialect: RetentionDialect,
  request: { readonly tenant: string; readonly runIds: readonly string[]; readonly part: RunPart },
): Promise<Footprint> {
  const { tenant, runIds, part } = request;
  const numbers = [...(await namedRuns(session, dialect, tenant, runIds)).keys()];
  if (numbers.length === 0) return { rows: 0, sizeBytes: 0 };
  let rows = 0;
  let sizeBytes = 0;
  const add = async (table: string, texts: readonly string[]) => {
    const sql = `SELECT count(*), ${bytesOf(texts)} FROM ${table} WHERE rid IN (${marks(numbers)})`;
    const [found] = await session.rows(sql, ...numbers);
    rows += Number(found?.[0] ?? 0);
    sizeBytes += Number(found?.[1] ?? 0);
  };
  for (const { table, texts, part: goesWith } of runTables)
    if (part === "run" || goesWith === "history") await add(table, texts);
  await add(blobTable.table, blobTable.texts);
  if (part === "run") {
    await add("af_origins", originTexts);
    await add("af_runs", ["status", "tenant", "workflow"]);
    return { rows, sizeBytes };
  }
  for (const number of numbers) {
    const kept = await keptBlobs(session, number);
    rows -= kept.length;
    sizeBytes -= await blobBytes(session, number, kept);
  }
  return { rows, sizeBytes };
}

/** The blobs of a run that stay when its history goes: what its input and its marks refer to. */
export async function keptBlobs(session: RetentionSession, rid: number): Promise<readonly string[]> {
  const stored = await session.rows("SELECT hash FROM af_blobs WHERE rid = ?", rid);
  if (stored.length === 0) return [];
  const texts = [
    ...(await session.rows("SELECT input FROM af_origins WHERE rid = ?", rid)),
    ...(await session.rows("SELECT refs FROM af_marks WHERE rid = ? AND refs IS NOT NULL", rid)),
  ];
  const referenced = new Set(texts.flatMap(([text]) => hashesIn(text)));
  return stored.map(([hash]) => hash as string).filter((hash) => referenced.has(hash));
}

/** The ids of those of the runs that are there, by their numbers. */
async function namedRuns(
  session: RetentionSession,
  dialect: RetentionDialect,
  tenant: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<number, string>> {
  if (runIds.length === 0) return new Map();
  const { condition, values } = dialect.runs(tenant, runIds);
  const rows = await session.rows(`SELECT rid, run_id FROM af_origins WHERE ${condition}`, ...values);
  return new Map(rows.map(([rid, runId]) => [rid as number, runId as string]));
}
