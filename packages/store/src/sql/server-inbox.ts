import { type InboxRow, type InboxStore, RunNotFoundError, type SqlValue } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { ServerStore } from "./server-store.ts";

type Put = Parameters<InboxStore["put"]>[0];
type PutResult = Awaited<ReturnType<InboxStore["put"]>>;

/** Inboxes on a database server (S13, S21). */
export class ServerInbox implements InboxStore {
  readonly #store: ServerStore;

  constructor(store: ServerStore) {
    this.#store = store;
  }

  async put({ tenant, runId, row }: Put): Promise<PutResult> {
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
      return { kind: "stored", row: { id, ...row } };
    });
  }

  async read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]> {
    const found = await this.#store.database.repeatable((session) =>
      session.rows(readSql, runKey(tenant, runId), afterId),
    );
    return found.map(inboxFrom);
  }
}

function inboxFrom(values: readonly SqlValue[]): InboxRow {
  return {
    id: values[0] as number,
    kind: values[1] as InboxRow["kind"],
    key: values[2] as string,
    value: values[3] as string,
    by: (values[4] ?? undefined) as string | undefined,
    at: values[5] as number,
  };
}

const columns = "id, kind, topic, value, sender, at";
const lockSql = "SELECT rid FROM af_origins WHERE run_key = ? FOR UPDATE";
const answerSql = `SELECT ${columns} FROM af_inbox WHERE rid = ? AND kind = 'answer' AND topic = ?`;
const nextSql = "SELECT coalesce(max(id), 0) + 1 FROM af_inbox WHERE rid = ?";
const putSql = `INSERT INTO af_inbox (rid, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const readSql = `SELECT ${columns} FROM af_inbox
  WHERE rid = (SELECT rid FROM af_origins WHERE run_key = ?) AND id > ? ORDER BY id`;
