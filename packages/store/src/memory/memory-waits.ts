import type {
  InterruptQuery,
  JournalRow,
  OpenInterrupt,
  RestedRun,
  WaitRow,
  WaitStore,
} from "@agentflow/core";
import type { MemoryRun } from "./memory-run.ts";
import type { MemoryTables } from "./memory-tables.ts";
import { scopeOf, takeRun } from "./taken-run.ts";

/** What runs in memory wait for (S13). */
export class MemoryWaits implements WaitStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async listDue(request: Parameters<WaitStore["listDue"]>[0]): ReturnType<WaitStore["listDue"]> {
    const { tenant, workflows, now, limit, skip = 0 } = request;
    const sleeping = this.#tables
      .runsOf(tenant)
      .filter((run) => run.owner === undefined && workflows.includes(run.origin.workflow))
      .map((run) => ({ run, wakeAt: run.progress.wakeAt ?? Number.POSITIVE_INFINITY }))
      .sort((a, b) => a.wakeAt - b.wakeAt);
    const due = sleeping.filter(({ wakeAt }) => wakeAt <= now).slice(skip, skip + limit);
    const next = sleeping.find(({ wakeAt }) => wakeAt > now && wakeAt !== Number.POSITIVE_INFINITY);
    return { heads: due.map(({ run }) => run.head), nextAt: next?.wakeAt };
  }

  async takeRested(request: Parameters<WaitStore["takeRested"]>[0]): Promise<readonly RestedRun[]> {
    const { tenant, runs, ownerId } = request;
    const taken: RestedRun[] = [];
    for (const { runId, epoch } of runs) {
      const run = this.#tables.run(tenant, runId);
      if (run === undefined) continue;
      if (!takeRun(run, { epoch, owner: undefined, by: ownerId, recovery: 0 })) continue;
      const started = run.mark(1);
      taken.push({
        head: run.head,
        started: started?.type === "run.started" ? started.data : undefined,
        root: scopeOf(run, "", "snapshot"),
        inbox: [...run.inbox],
      });
    }
    return taken;
  }

  async listInterrupts(query: InterruptQuery): Promise<readonly OpenInterrupt[]> {
    const { tenant, workflow, runId, after, limit } = query;
    const open: OpenInterrupt[] = [];
    for (const run of this.#tables.runsOf(tenant)) {
      if (workflow !== undefined && run.origin.workflow !== workflow) continue;
      if (runId !== undefined && run.origin.runId !== runId) continue;
      for (const wait of run.waits.all) {
        const isAnswered = run.inbox.some((row) => row.kind === "answer" && row.key === wait.key);
        const asked = askedAt(run, wait);
        if (wait.kind === "answer" && !isAnswered && asked !== undefined)
          open.push(interruptOf(run, wait, asked));
      }
    }
    open.sort(inOrder);
    return open.filter((found) => after === undefined || inOrder(after, found) < 0).slice(0, limit);
  }
}

/** The journal row in which a step asked what it waits for. */
function askedAt(run: MemoryRun, { scope, superstep, ordinal, entry }: WaitRow): JournalRow | undefined {
  return run
    .journalRows(scope, superstep - 1, superstep)
    .find((row) => row.ordinal === ordinal && row.entry.index === entry && row.entry.kind === "interrupt");
}

function interruptOf(run: MemoryRun, wait: WaitRow, { node, entry }: JournalRow): OpenInterrupt {
  const { tenant, runId, workflow } = run.origin;
  const { kind: _kind, key, ...rest } = wait;
  const { status } = run.progress;
  const { name, value, ref = false } = entry;
  return { ...rest, tenant, runId, workflow, status, id: key, name, node, payload: value, ref };
}

function inOrder(a: NonNullable<InterruptQuery["after"]>, b: NonNullable<InterruptQuery["after"]>): number {
  return a.at - b.at || compare(a.runId, b.runId) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
