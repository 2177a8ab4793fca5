import {
  type InboxRow,
  type InboxStore,
  RunNotFoundError,
  type RunStatus,
  type SqlValue,
  wakesRun,
} from "@agentflow/core";
import { marks } from "../retention/retention-dialect.ts";
import { runKey } from "../rows/identifiers.ts";
import { filled } from "./filled.ts";
import type { ServerStore } from "./server-store.ts";
import type { SqlSession } from "./sql-database.ts";

type Put = Parameters<InboxStore["put"]>[0];
type PutResult = Awaited<ReturnType<InboxStore["put"]>>;

/** Inboxes on a database server (S13, S21). */
export class ServerInbox implements InboxStore {
  readonly #store: ServerStore;

  constructor(store: ServerStore) {
    this.#store = store;
  }

  async put({ tenant, runId, row, durability }: Put): Promise<PutResult> {
    const { kind, key, value, by, at } = row;
    return this.#store.database.transaction(async (session): Promise<PutResult> => {
      // One sender at a time per run: ids must become visible in their order. Commits do not touch this row.
      const [run] = await session.rows(lockSql, runKey(tenant, runId));
      if (run === undefined) throw new RunNotFoundError(`There is no run ${runId}.`);
      const rid = run[0] as number;
      const [earlier] = kind === "answer" ? await session.rows(answerSql, rid, key) : [];
      if (earlier !== undefined) return { kind: "answered", row: inboxFrom(earlier) };
      const [next] = await session.rows(nextSql, rid);
      const id = next?.[0] as number;
      await session.change(putSql, rid, id, kind, key, value, by ?? null, at);
      await announce(session, rid, { id, ...row });
      return { kind: "stored", row: { id, ...row } };
    }, durability);
  }

  async refuse({ tenant, runId, id, durability }: Parameters<InboxStore["refuse"]>[0]): Promise<void> {
    await this.#store.database.transaction(async (session) => {
      await session.change(refuseSql, runKey(tenant, runId), id);
    }, durability);
  }

  async newest(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (runIds.length === 0) return new Map();
    const keys = filled(runIds.map((runId) => runKey(tenant, runId)));
    const found = await this.#store.database.repeatable((session) =>
      session.rows(
        `SELECT o.run_id, r.inbox FROM af_origins o JOIN af_runs r ON r.rid = o.rid
          WHERE o.run_key IN (${marks(keys)}) AND r.inbox > 0`,
        ...keys,
      ),
    );
    return new Map(found.map(([runId, id]) => [runId as string, id as number]));
  }

  async read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]> {
    const found = await this.#store.database.repeatable((session) =>
      session.rows(readSql, runKey(tenant, runId), afterId),
    );
    return found.map(inboxFrom);
  }
}

/** Tells the run's owner with its next commit (S21), and makes a run that rests due if the row wakes it. */
async function announce(session: SqlSession, rid: number, { id, kind, key, at }: InboxRow): Promise<void> {
  const [head] = await session.rows("SELECT status, wake_at FROM af_runs WHERE rid = ? FOR UPDATE", rid);
  const [awaited] = await session.rows(awaitedSql, rid, kind, key);
  const stored = head?.[1] as number | null | undefined;
  const isWoken = wakesRun(kind, head?.[0] as RunStatus, awaited !== undefined);
  const wakeAt = isWoken ? Math.min(stored ?? at, at) : (stored ?? null);
  await session.change("UPDATE af_runs SET inbox = ?, wake_at = ? WHERE rid = ?", id, wakeAt, rid);
}

/** A row of an inbox from its columns. */
export function inboxFrom(values: readonly SqlValue[]): InboxRow {
  return {
    id: values[0] as number,
    kind: values[1] as InboxRow["kind"],
    key: values[2] as string,
    value: values[3] as string,
    by: (values[4] ?? undefined) as string | undefined,
    at: values[5] as number,
  };
}

/** Columns of a row of an inbox, in the order {@link inboxFrom} expects. */
export const inboxColumns = "id, kind, topic, value, sender, at";
const lockSql = "SELECT rid FROM af_origins WHERE run_key = ? FOR UPDATE";
const answerSql = `SELECT ${inboxColumns} FROM af_inbox WHERE rid = ? AND kind = 'answer' AND topic = ?`;
const nextSql = "SELECT coalesce(max(id), 0) + 1 FROM af_inbox WHERE rid = ?";
const awaitedSql = "SELECT 1 FROM af_waits WHERE rid = ? AND kind = ? AND topic = ?";
const putSql = `INSERT INTO af_inbox (rid, ${inboxColumns}) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const refuseSql = `UPDATE af_inbox SET kind = 'refused'
  WHERE rid = (SELECT rid FROM af_origins WHERE run_key = ?) AND id = ? AND kind = 'answer'`;
const readSql = `SELECT ${inboxColumns} FROM af_inbox
  WHERE rid = (SELECT rid FROM af_origins WHERE run_key = ?) AND id > ? ORDER BY id`;
