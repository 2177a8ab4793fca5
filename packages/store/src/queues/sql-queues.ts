import {
  finishedStatuses,
  type QueuePlace,
  type QueueStore,
  type RunHead,
  type SqlValue,
} from "@agentflow/core";
import type { RetentionDatabase, RetentionSession } from "../retention/retention-database.ts";
import { marks, type RetentionDialect } from "../retention/retention-dialect.ts";
import { headColumns, headFrom } from "../rows/head-values.ts";

type Claim = Parameters<QueueStore["claimQueued"]>[0];

/** Whether a place waits for its turn, counts as begun, or counts no more because its run has ended. */
const states = { waits: 0, begun: 1, over: 2 } as const;

/** Queues over SQL: on a database server, and in the maintenance thread of SQLite. */
export class SqlQueues implements QueueStore {
  readonly #database: () => RetentionDatabase;
  readonly #dialect: RetentionDialect;

  /** `database` throws StoreUnavailableError once the store is closed. */
  constructor(database: () => RetentionDatabase, dialect: RetentionDialect) {
    this.#database = database;
    this.#dialect = dialect;
  }

  async claimQueued(request: Claim): ReturnType<QueueStore["claimQueued"]> {
    const nothing = { heads: [], nextAt: undefined };
    if (request.workflows.length === 0) return nothing;
    if (!(await this.#database().repeatable((session) => holdsAny(session, request)))) return nothing;
    return this.#database().repeatableTransaction(async (session) => {
      // One claim at a time: what it counts stays true until its end.
      await session.rows(`SELECT at FROM af_rounds WHERE name = 'queues'${this.#dialect.lock}`);
      await leave(session, request);
      await begin(session, request);
      return { heads: await claimed(session, request), nextAt: await nextAt(session, request) };
    });
  }

  async readPlace(tenant: string, runId: string): Promise<QueuePlace | undefined> {
    const { condition, values } = this.#dialect.runs(tenant, [runId]);
    const [place] = await this.#database().repeatable((session) =>
      session.rows(
        `SELECT q.queue, q.topic, q.due_at, q.begun_at FROM af_queued q
          WHERE q.rid IN (SELECT rid FROM af_origins WHERE ${condition})`,
        ...values,
      ),
    );
    if (place === undefined) return undefined;
    return {
      queue: place[0] as string,
      key: (place[1] ?? undefined) as string | undefined,
      dueAt: place[2] as number,
      begunAt: (place[3] ?? undefined) as number | undefined,
    };
  }
}

/** Whether there is anything to claim, without keeping anybody waiting. */
async function holdsAny(session: RetentionSession, { tenant, queue, ownerId }: Claim): Promise<boolean> {
  const waiting = `SELECT 1 FROM af_queued q WHERE ${ofQueue} AND q.state = ${states.waits} LIMIT 1`;
  if ((await session.rows(waiting, tenant, queue)).length > 0) return true;
  const mine = `SELECT 1 FROM af_queued q JOIN af_runs r ON r.rid = q.rid
    WHERE ${ofQueue} AND q.state = ${states.begun} AND r.owner = ? AND r.status = 'queued' LIMIT 1`;
  return (await session.rows(mine, tenant, queue, ownerId)).length > 0;
}

const ofQueue = "q.tenant = ? AND q.queue = ?";

/** Runs that have ended make room. */
async function leave(session: RetentionSession, { tenant, queue }: Claim): Promise<void> {
  await session.change(
    `UPDATE af_queued SET state = ${states.over} WHERE tenant = ? AND queue = ? AND state = ${states.begun}
      AND NOT EXISTS (SELECT 1 FROM af_runs r WHERE r.rid = af_queued.rid
        AND r.status NOT IN (${marks(finishedStatuses)}))`,
    tenant,
    queue,
    ...finishedStatuses,
  );
}

/** Gives the owner the runs whose turn it is. */
async function begin(session: RetentionSession, request: Claim): Promise<void> {
  let free = Math.min(request.limit, await freePlaces(session, request));
  while (free > 0) {
    const chosen = await choose(session, request, free);
    if (chosen.length === 0) return;
    const list = marks(chosen);
    await session.change(
      `UPDATE af_runs SET epoch = epoch + 1, owner = ? WHERE rid IN (${list}) AND owner IS NULL AND status = 'queued'`,
      request.ownerId,
      ...chosen,
    );
    await session.change(
      `UPDATE af_queued SET state = ${states.begun}, begun_at = ? WHERE rid IN (${list})`,
      request.now,
      ...chosen,
    );
    free -= chosen.length;
  }
}

async function freePlaces(session: RetentionSession, request: Claim): Promise<number> {
  const { tenant, queue, limits } = request;
  let free = Number.MAX_SAFE_INTEGER;
  if (limits.concurrency !== undefined) {
    const begun = `SELECT count(*) FROM af_queued q WHERE ${ofQueue} AND q.state = ${states.begun}`;
    free = limits.concurrency - (await numberOf(session, begun, tenant, queue));
  }
  if (limits.rate !== undefined)
    free = Math.min(free, limits.rate.limit - (await recent(session, request, limits.rate.perMs)).count);
  return free;
}

/** How many runs began in the last `perMs`, and when the first of them. */
async function recent(
  session: RetentionSession,
  { tenant, queue, now }: Claim,
  perMs: number,
): Promise<{ readonly count: number; readonly firstAt: number }> {
  const sql = `SELECT count(*), coalesce(min(q.begun_at), 0) FROM af_queued q WHERE ${ofQueue} AND q.begun_at > ?`;
  const [row] = await session.rows(sql, tenant, queue, now - perMs);
  return { count: Number(row?.[0] ?? 0), firstAt: Number(row?.[1] ?? 0) };
}

/** Numbers of the next runs, in order; of one key no more than its limit has room for. */
async function choose(
  session: RetentionSession,
  { tenant, queue, now, workflows, limits: { keyConcurrency } }: Claim,
  limit: number,
): Promise<readonly number[]> {
  const begunOfKey = `(SELECT count(*) FROM af_queued b WHERE b.tenant = q.tenant AND b.queue = q.queue
    AND b.state = ${states.begun} AND b.topic = q.topic)`;
  const isFree = keyConcurrency === undefined ? "" : `AND (q.topic IS NULL OR ${begunOfKey} < ?)`;
  const rows = await session.rows(
    `SELECT q.rid, q.topic, CASE WHEN q.topic IS NULL THEN 0 ELSE ${begunOfKey} END FROM af_queued q
      JOIN af_runs r ON r.rid = q.rid
      WHERE ${ofQueue} AND q.state = ${states.waits} AND q.due_at <= ? AND r.status = 'queued' AND r.owner IS NULL
      AND r.workflow IN (${marks(workflows)}) ${isFree} ORDER BY q.due_at, q.rid LIMIT ?`,
    tenant,
    queue,
    now,
    ...workflows,
    ...(keyConcurrency === undefined ? [] : [keyConcurrency]),
    limit,
  );
  const counts = new Map<SqlValue, number>();
  const chosen: number[] = [];
  for (const [rid, key, begun] of rows) {
    const count = (counts.get(key ?? null) ?? Number(begun)) + 1;
    if (key !== null && keyConcurrency !== undefined && count > keyConcurrency) continue;
    counts.set(key ?? null, count);
    chosen.push(rid as number);
  }
  return chosen;
}

/** What the owner has claimed and not begun, the answer to an earlier claim that was lost included. */
async function claimed(session: RetentionSession, request: Claim): Promise<readonly RunHead[]> {
  const { tenant, queue, ownerId, limit } = request;
  const rows = await session.rows(
    `SELECT ${headColumns} FROM af_queued q JOIN af_runs r ON r.rid = q.rid JOIN af_origins o ON o.rid = q.rid
      WHERE ${ofQueue} AND q.state = ${states.begun} AND r.owner = ? AND r.status = 'queued'
      ORDER BY q.due_at, q.rid LIMIT ?`,
    tenant,
    queue,
    ownerId,
    limit,
  );
  return rows.map(headFrom);
}

async function nextAt(session: RetentionSession, request: Claim): Promise<number | undefined> {
  const { tenant, queue, now, limits } = request;
  const ofWaiting = `FROM af_queued q WHERE ${ofQueue} AND q.state = ${states.waits} AND q.due_at`;
  const [later] = await session.rows(`SELECT min(q.due_at) ${ofWaiting} > ?`, tenant, queue, now);
  const times = typeof later?.[0] === "number" ? [later[0]] : [];
  const due = limits.rate && (await session.rows(`SELECT 1 ${ofWaiting} <= ? LIMIT 1`, tenant, queue, now));
  if (limits.rate !== undefined && due !== undefined && due.length > 0) {
    const { count, firstAt } = await recent(session, request, limits.rate.perMs);
    if (count >= limits.rate.limit) times.push(firstAt + limits.rate.perMs);
  }
  return times.length === 0 ? undefined : Math.min(...times);
}

async function numberOf(
  session: RetentionSession,
  sql: string,
  ...values: readonly SqlValue[]
): Promise<number> {
  const [row] = await session.rows(sql, ...values);
  return Number(row?.[0] ?? 0);
}
