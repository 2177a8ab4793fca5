import type { RetentionPage, RunPlace, SnapshotRemoval } from "@agentflow/core";
import type { RetentionSession } from "./retention-database.ts";
import { marks, type RetentionDialect } from "./retention-dialect.ts";
import { bytesOf, hashesIn } from "./run-tables.ts";

/**
 * A snapshot `s` that a newer one of its scope follows, and whose seal stands in the step that was committed with it. A
 * snapshot of a migration, or of a seal that was tried again, has no such step: nothing else tells what it holds.
 */
const isRedundant = `EXISTS (SELECT 1 FROM af_steps t WHERE t.rid = s.rid AND t.scope = s.scope
    AND t.superstep = s.superstep AND t.seq = s.seq AND t.seal IS NOT NULL)
  AND EXISTS (SELECT 1 FROM af_snapshots n WHERE n.rid = s.rid AND n.scope = s.scope AND n.superstep > s.superstep)`;

// A run that has just written its newer snapshot may be read by somebody who has seen only the older one.
const isSuperseded = `EXISTS (SELECT 1 FROM af_snapshots n JOIN af_steps t
    ON t.rid = n.rid AND t.scope = n.scope AND t.superstep = n.superstep AND t.seq = n.seq
    WHERE n.rid = s.rid AND n.scope = s.scope AND n.superstep > s.superstep AND t.started_at < ?)`;

interface Snapshot {
  readonly scope: string;
  readonly superstep: number;
  readonly sizeBytes: number;
}

/** What can go of a run, as long as its head stands at `seq`. */
export interface RedundantParts {
  readonly rid: number;
  readonly seq: number;
  readonly snapshots: readonly Snapshot[];
  readonly blobs: readonly string[];
  readonly blobBytes: number;
}

/** A page of the runs of a tenant that have redundant snapshots. */
export async function listCompactable(
  session: RetentionSession,
  request: { readonly tenant: string; readonly after?: RunPlace; readonly limit: number },
): Promise<RetentionPage<string>> {
  const { tenant, after, limit } = request;
  const page = await session.rows(
    "SELECT DISTINCT rid FROM af_snapshots WHERE rid > ? ORDER BY rid LIMIT ?",
    after?.number ?? -1,
    limit,
  );
  const numbers = page.map(([rid]) => rid as number);
  if (numbers.length === 0) return { items: [], next: undefined };
  const found = await session.rows(
    `SELECT run_id FROM af_origins WHERE tenant = ? AND rid IN (
      SELECT s.rid FROM af_snapshots s WHERE s.rid IN (${marks(numbers)}) AND ${isRedundant})`,
    tenant,
    ...numbers,
  );
  const last = numbers.at(-1);
  const next = last === undefined || numbers.length < limit ? undefined : { createdAt: 0, number: last };
  return { items: found.map(([runId]) => runId as string), next };
}

/** Reads what is redundant; give it a snapshot of the database. Undefined for a run that is not there. */
export async function findRedundant(
  session: RetentionSession,
  dialect: RetentionDialect,
  request: {
    readonly tenant: string;
    readonly runId: string;
    readonly supersededBefore: number;
    readonly limit: number;
  },
): Promise<RedundantParts | undefined> {
  const { tenant, runId, supersededBefore, limit } = request;
  const { condition, values } = dialect.runs(tenant, [runId]);
  const [head] = await session.rows(
    `SELECT rid, seq, updated_at FROM af_runs WHERE rid = (SELECT rid FROM af_origins WHERE ${condition})`,
    ...values,
  );
  if (head === undefined) return undefined;
  const [rid, seq, updatedAt] = head as [number, number, number];
  // A run that has rested since is read by nobody who has not seen the newer one.
  const rests = updatedAt < supersededBefore;
  const rows = await session.rows(
    `SELECT s.scope, s.superstep, ${bytesOf(["s.state", "s.seal", "s.refs"])} FROM af_snapshots s
      WHERE s.rid = ? AND ${isRedundant}${rests ? "" : ` AND ${isSuperseded}`}
      GROUP BY s.scope, s.superstep ORDER BY s.scope, s.superstep LIMIT ?`,
    rid,
    ...(rests ? [] : [supersededBefore]),
    limit,
  );
  const snapshots = rows.map(([scope, superstep, sizeBytes]) => ({
    scope: scope as string,
    superstep: superstep as number,
    sizeBytes: Number(sizeBytes),
  }));
  const blobs = snapshots.length === 0 ? [] : await findUnreferenced(session, rid, snapshots);
  return { rid, seq, snapshots, blobs, blobBytes: await blobBytes(session, rid, blobs) };
}

/** The blobs that nothing refers to once these snapshots are gone. */
async function findUnreferenced(
  session: RetentionSession,
  rid: number,
  gone: readonly Snapshot[],
): Promise<readonly string[]> {
  const stored = await session.rows("SELECT hash FROM af_blobs WHERE rid = ?", rid);
  const unreferenced = new Set(stored.map(([hash]) => hash as string));
  if (unreferenced.size === 0) return [];
  const keep = (rows: readonly (readonly unknown[])[]) => {
    for (const [text] of rows) for (const each of hashesIn(text)) unreferenced.delete(each);
  };
  for (const sql of references) keep(await session.rows(sql, rid));
  const going = new Set(gone.map(placeOf));
  const refs = await session.rows(
    "SELECT refs, scope, superstep FROM af_snapshots WHERE rid = ? AND refs IS NOT NULL",
    rid,
  );
  keep(
    refs.filter(
      ([, scope, superstep]) =>
        !going.has(placeOf({ scope: scope as string, superstep: superstep as number })),
    ),
  );
  return [...unreferenced];
}

/** What deleting it all would give. */
export function measureRedundant(parts: RedundantParts | undefined): SnapshotRemoval {
  if (parts === undefined) return { kind: "removed", snapshots: 0, blobs: 0, sizeBytes: 0 };
  const { snapshots, blobs, blobBytes } = parts;
  const sizeBytes = snapshots.reduce((sum, snapshot) => sum + snapshot.sizeBytes, blobBytes);
  return { kind: "removed", snapshots: snapshots.length, blobs: blobs.length, sizeBytes };
}

/** Deletes what was found, in a transaction of the caller's; undefined if the run has committed since. */
export async function deleteRedundant(
  session: RetentionSession,
  { lock }: RetentionDialect,
  { rid, seq, snapshots, blobs, blobBytes }: RedundantParts,
): Promise<{ readonly snapshots: number; readonly blobs: number; readonly sizeBytes: number } | undefined> {
  // The head is locked first, as each commit does: a commit that refers to one of the blobs either is seen here or
  // stores it again (S17).
  const [head] = await session.rows(`SELECT seq FROM af_runs WHERE rid = ?${lock}`, rid);
  if (head?.[0] !== seq) return undefined;
  let sizeBytes = 0;
  let snapshotCount = 0;
  for (const { scope, superstep, sizeBytes: ofSnapshot } of snapshots) {
    const sql = "DELETE FROM af_snapshots WHERE rid = ? AND scope = ? AND superstep = ?";
    if ((await session.change(sql, rid, scope, superstep)) === 0) continue;
    snapshotCount++;
    sizeBytes += ofSnapshot;
  }
  let blobCount = 0;
  for (const some of chunksOf(blobs)) {
    blobCount += await session.change(
      `DELETE FROM af_blobs WHERE rid = ? AND hash IN (${marks(some)})`,
      rid,
      ...some,
    );
  }
  // Of two that do this at once only one deletes, and counts.
  if (blobCount > 0) sizeBytes += blobBytes;
  return { snapshots: snapshotCount, blobs: blobCount, sizeBytes };
}

/** The bytes of blobs of a run. */
export async function blobBytes(
  session: RetentionSession,
  rid: number,
  hashes: readonly string[],
): Promise<number> {
  let sizeBytes = 0;
  for (const some of chunksOf(hashes)) {
    const sql = `SELECT ${bytesOf(["hash", "json"])} FROM af_blobs WHERE rid = ? AND hash IN (${marks(some)})`;
    sizeBytes += Number((await session.rows(sql, rid, ...some))[0]?.[0] ?? 0);
  }
  return sizeBytes;
}

// Databases bound the number of parameters of a statement.
const chunkSize = 500;

function* chunksOf(hashes: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < hashes.length; start += chunkSize) yield hashes.slice(start, start + chunkSize);
}

function placeOf({ scope, superstep }: { readonly scope: string; readonly superstep: number }): string {
  return `${superstep} ${scope}`;
}

// The rows of a run that may refer to blobs, snapshots aside. Whatever looks like a hash in them counts as one.
const references = [
  "SELECT input FROM af_origins WHERE rid = ?",
  `SELECT detail FROM af_steps WHERE rid = ? AND detail LIKE '%"ref%'`,
  "SELECT value FROM af_journal WHERE rid = ? AND ref IS NOT NULL",
  `SELECT entries FROM af_attempts WHERE rid = ? AND entries LIKE '%"ref%'`,
  "SELECT refs FROM af_marks WHERE rid = ? AND refs IS NOT NULL",
];
