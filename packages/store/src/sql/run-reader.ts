import {
  type RecordRow,
  type RunHead,
  type RunStore,
  type ScopeRecord,
  StoreCorruptError,
} from "@agentflow/core";
import { attemptColumns, attemptFrom } from "../rows/attempt-values.ts";
import { headColumns, headFrom } from "../rows/head-values.ts";
import { runKey } from "../rows/identifiers.ts";
import { journalColumns, journalFrom } from "../rows/journal-values.ts";
import { markColumns, markFrom, snapshotColumns, snapshotFrom } from "../rows/mark-values.ts";
import { stepColumns, stepFrom } from "../rows/step-values.ts";
import type { SqlSession } from "./sql-database.ts";

/** Reads the head of a run. */
export async function readHead(
  session: SqlSession,
  tenant: string,
  runId: string,
): Promise<RunHead | undefined> {
  const [values] = await session.rows(headSql, runKey(tenant, runId));
  return values && headFrom(values);
}

/** Reads the rows of a scope; give it a snapshot of the database. */
export async function readScope(
  session: SqlSession,
  request: Parameters<RunStore["readScope"]>[0],
): Promise<ScopeRecord> {
  const { tenant, runId, scope, from, upTo = Number.MAX_SAFE_INTEGER } = request;
  const run = runKey(tenant, runId);
  const [newest] = from === "snapshot" ? await session.rows(snapshotSql, run, scope, upTo) : [undefined];
  const snapshot = newest && snapshotFrom(newest);
  const range = [run, scope, snapshot?.superstep ?? -1, upTo] as const;
  return {
    snapshot,
    steps: (await session.rows(scopeStepsSql, ...range)).map(stepFrom),
    journal: (await session.rows(scopeJournalSql, ...range)).map(journalFrom),
    attempts: (await session.rows(scopeAttemptsSql, ...range)).map(attemptFrom),
  };
}

/** Reads the rows after an event, in event order; give it a snapshot of the database. */
export async function readRecords(
  session: SqlSession,
  request: Parameters<RunStore["readRecords"]>[0],
): Promise<readonly RecordRow[]> {
  const { tenant, runId, afterEvent, limit } = request;
  const page = [runKey(tenant, runId), afterEvent, limit] as const;
  const steps = await session.rows(recordsOf("af_steps", stepColumns), ...page);
  const journal = await session.rows(recordsOf("af_journal", journalColumns), ...page);
  const attempts = await session.rows(recordsOf("af_attempts", attemptColumns), ...page);
  const marks = await session.rows(recordsOf("af_marks", markColumns), ...page);
  const found: RecordRow[] = [
    ...steps.map((values): RecordRow => ({ kind: "step", row: stepFrom(values) })),
    ...journal.map((values): RecordRow => ({ kind: "journal", row: journalFrom(values) })),
    ...attempts.map((values): RecordRow => ({ kind: "attempt", row: attemptFrom(values) })),
    ...marks.map((values): RecordRow => ({ kind: "mark", row: markFrom(values) })),
  ];
  return found.sort((a, b) => a.row.event - b.row.event).slice(0, limit);
}

/** Reads blobs by hash. Throws StoreCorruptError for one that is missing. */
export async function readBlobs(
  session: SqlSession,
  tenant: string,
  runId: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const hash of hashes) {
    const [values] = await session.rows(blobSql, runKey(tenant, runId), hash);
    if (values === undefined) throw new StoreCorruptError(`Run ${runId} lacks the value ${hash}.`);
    found.set(hash, values[0] as string);
  }
  return found;
}

/** Reads the JSON description of a definition. */
export async function readDefinition(
  session: SqlSession,
  tenant: string,
  fingerprint: string,
): Promise<string | undefined> {
  const [values] = await session.rows(
    "SELECT json FROM af_definitions WHERE tenant = ? AND fingerprint = ?",
    tenant,
    fingerprint,
  );
  return values?.[0] as string | undefined;
}

function recordsOf(table: string, columns: string): string {
  return `SELECT ${columns} FROM ${table} WHERE ${ofRun} AND event > ? ORDER BY event LIMIT ?`;
}

/** Condition for the rows of one run, by its key. */
export const ofRun = "rid = (SELECT rid FROM af_origins WHERE run_key = ?)";

const headSql = `SELECT ${headColumns} FROM af_origins o JOIN af_runs r ON r.rid = o.rid
  WHERE o.run_key = ?`;
const snapshotSql = `SELECT ${snapshotColumns} FROM af_snapshots
  WHERE ${ofRun} AND scope = ? AND superstep <= ? ORDER BY superstep DESC LIMIT 1`;
const inScope = `WHERE ${ofRun} AND scope = ? AND superstep > ? AND superstep <= ? ORDER BY superstep, ordinal`;
const scopeStepsSql = `SELECT ${stepColumns} FROM af_steps ${inScope}`;
const scopeJournalSql = `SELECT ${journalColumns} FROM af_journal ${inScope}, event`;
const scopeAttemptsSql = `SELECT ${attemptColumns} FROM af_attempts ${inScope}, event`;
const blobSql = `SELECT json FROM af_blobs WHERE ${ofRun} AND hash = ?`;
