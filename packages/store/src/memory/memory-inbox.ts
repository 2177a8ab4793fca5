import { type InboxRow, type InboxStore, RunNotFoundError, wakesRun } from "@agentflow/core";
import type { MemoryTables } from "./memory-tables.ts";

/** Inboxes in memory (S13, S21). */
export class MemoryInbox implements InboxStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async put(request: Parameters<InboxStore["put"]>[0]): ReturnType<InboxStore["put"]> {
    const run = this.#tables.run(request.tenant, request.runId);
    if (run === undefined) throw new RunNotFoundError(`There is no run ${request.runId}.`);
    const { kind, key } = request.row;
    const earlier = kind === "answer" && run.inbox.find((row) => row.kind === kind && row.key === key);
    if (earlier) return { kind: "answered", row: earlier };
    const row: InboxRow = Object.freeze({ ...request.row, id: run.inbox.length + 1 });
    run.inbox.push(row);
    const { status, wakeAt } = run.progress;
    if (wakesRun(kind, status, run.waits.await(row)))
      run.progress = Object.freeze({ ...run.progress, wakeAt: Math.min(wakeAt ?? row.at, row.at) });
    return { kind: "stored", row };
  }

  async refuse({ tenant, runId, id }: Parameters<InboxStore["refuse"]>[0]): Promise<void> {
    const inbox = this.#tables.run(tenant, runId)?.inbox;
    const row = inbox?.[id - 1];
    if (row?.kind === "answer") inbox?.splice(id - 1, 1, Object.freeze({ ...row, kind: "refused" }));
  }

  async newest(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const newest = new Map<string, number>();
    for (const runId of runIds) {
      const id = this.#tables.run(tenant, runId)?.inbox.length ?? 0;
      if (id > 0) newest.set(runId, id);
    }
    return newest;
  }

  async read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]> {
    return this.#tables.run(tenant, runId)?.inbox.slice(Math.max(0, afterId)) ?? [];
  }
}
