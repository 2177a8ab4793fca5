import type { RestedRun, SqlValue, WaitStore } from "@agentflow/core";
import { marks } from "../retention/retention-dialect.ts";
import { attemptColumns, attemptFrom } from "../rows/attempt-values.ts";
import { headColumns, headFrom } from "../rows/head-values.ts";
import { runKey } from "../rows/identifiers.ts";
import { journalColumns, journalFrom } from "../rows/journal-values.ts";
import { snapshotColumns, snapshotFrom } from "../rows/mark-values.ts";
import { stepColumns, stepFrom } from "../rows/step-values.ts";
import { filled } from "./filled.ts";
import { inboxColumns, inboxFrom } from "./server-inbox.ts";
import type { SqlSession, SqlStatement } from "./sql-database.ts";

type Take = Parameters<WaitStore["takeRested"]>[0];
type Row = readonly SqlValue[];

/**
 * Takes runs that nobody has, and reads what they go on from, in as many statements for many runs as for one. To be called
 * in a transaction; `mayBeOurs`: an earlier try of it may have been committed.
 */
export async function takeRested(
  session: SqlSession,
  request: Take,
  mayBeOurs: boolean,
): Promise<readonly RestedRun[]> {
  const numbers = await lockFree(session, request, mayBeOurs);
  if (numbers.ours.length + numbers.free.length === 0) return [];
  if (numbers.free.length > 0) {
    const rids = filled(numbers.free);
    const sql = `UPDATE af_runs SET epoch = epoch + 1, owner = ? WHERE rid IN (${marks(rids)})`;
    await session.change(sql, request.ownerId, ...rids);
  }
  return readAll(session, [...numbers.ours, ...numbers.free]);
}

/** Numbers of the runs that may be taken, locked until the end of the transaction, and of those an earlier try took. */
async function lockFree(
  session: SqlSession,
  { tenant, runs, ownerId }: Take,
  mayBeOurs: boolean,
): Promise<{ readonly free: readonly number[]; readonly ours: readonly number[] }> {
  const epochs = new Map(runs.map(({ runId, epoch }) => [runKey(tenant, runId), epoch]));
  // One order for all who lock several.
  const keys = filled([...epochs.keys()]);
  const found = await session.rows(
    `SELECT rid, run_key FROM af_origins WHERE run_key IN (${marks(keys)}) ORDER BY rid`,
    ...keys,
  );
  if (found.length === 0) return { free: [], ours: [] };
  const keyOf = new Map(found.map(([rid = null, key]) => [rid, key as string]));
  const rids = filled([...keyOf.keys()]);
  const heads = await session.rows(
    `SELECT rid, epoch, owner FROM af_runs WHERE rid IN (${marks(rids)}) ORDER BY rid FOR UPDATE`,
    ...rids,
  );
  const free: number[] = [];
  const ours: number[] = [];
  for (const [rid = null, epoch, owner] of heads) {
    const expected = epochs.get(keyOf.get(rid) ?? "");
    if (expected === undefined) continue;
    if (owner === null && epoch === expected) free.push(rid as number);
    else if (mayBeOurs && owner === ownerId && epoch === expected + 1) ours.push(rid as number);
  }
  return { free, ours };
}

async function readAll(session: SqlSession, taken: readonly number[]): Promise<readonly RestedRun[]> {
  const rids = filled(taken);
  const list = marks(rids);
  const statements: readonly SqlStatement[] = [
    `SELECT r.rid, ${headColumns} FROM af_runs r JOIN af_origins o ON o.rid = r.rid
      WHERE r.rid IN (${list}) ORDER BY r.rid`,
    `SELECT rid, data FROM af_marks WHERE rid IN (${list}) AND event = 1 AND type = 'run.started'`,
    `SELECT rid, ${snapshotColumns} FROM af_snapshots t
      WHERE rid IN (${list}) AND scope = '' AND superstep = ${newest}`,
    `SELECT rid, ${stepColumns} FROM af_steps t WHERE rid IN (${list}) AND ${sinceThen} ORDER BY ${inOrder}`,
    `SELECT rid, ${journalColumns} FROM af_journal t
      WHERE rid IN (${list}) AND ${sinceThen} ORDER BY ${inOrder}, event`,
    `SELECT rid, ${attemptColumns} FROM af_attempts t
      WHERE rid IN (${list}) AND ${sinceThen} ORDER BY ${inOrder}, event`,
    `SELECT rid, ${inboxColumns} FROM af_inbox WHERE rid IN (${list}) ORDER BY rid, id`,
  ].map((sql) => ({ sql, values: rids }));
  const results = (await session.batch(statements)).map(({ rows }) => rows);
  const [heads = [], ...others] = results;
  const [started, snapshots, steps, journal, attempts, inbox] = others.map(byRun);
  return heads.map(([rid = null, ...head]): RestedRun => {
    const of = <T>(rows: ReadonlyMap<SqlValue, readonly Row[]> | undefined, from: (row: Row) => T): T[] =>
      (rows?.get(rid) ?? []).map(from);
    return {
      head: headFrom(head),
      started: of(started, ([data]) => (data ?? undefined) as string | undefined)[0],
      root: {
        snapshot: of(snapshots, snapshotFrom)[0],
        steps: of(steps, stepFrom),
        journal: of(journal, journalFrom),
        attempts: of(attempts, attemptFrom),
      },
      inbox: of(inbox, inboxFrom),
    };
  });
}

/** Rows without their first value, the number of their run, by it. */
function byRun(rows: readonly Row[]): ReadonlyMap<SqlValue, readonly Row[]> {
  const found = new Map<SqlValue, Row[]>();
  for (const [rid = null, ...row] of rows) {
    const known = found.get(rid);
    if (known === undefined) found.set(rid, [row]);
    else known.push(row);
  }
  return found;
}

const newest = "(SELECT max(s.superstep) FROM af_snapshots s WHERE s.rid = t.rid AND s.scope = '')";
const sinceThen = `scope = '' AND superstep > coalesce(${newest}, -1)`;
const inOrder = "rid, superstep, ordinal";
