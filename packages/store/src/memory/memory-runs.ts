import {
  CapabilityError,
  type CommitResult,
  classifyConflict,
  invariant,
  type RecordRow,
  type RunCommit,
  type RunHead,
  RunNotFoundError,
  type RunQuery,
  type RunStore,
  type ScopeRecord,
  type StoreCapabilities,
  StoreCorruptError,
} from "@agentflow/core";
import { checkIdentifier } from "../rows/identifiers.ts";
import { MemoryRun } from "./memory-run.ts";
import type { MemoryTables } from "./memory-tables.ts";
import { scopeOf } from "./taken-run.ts";

const capabilities: StoreCapabilities = Object.freeze({
  name: "memory",
  durable: false,
  transactions: false,
  shared: false,
  durability: ["none"] as const,
  defaultDurability: "none",
});

/** Runs in memory, with the same fences and results as a database (S4). */
export class MemoryRuns implements RunStore {
  readonly capabilities: StoreCapabilities = capabilities;
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  commit(members: readonly RunCommit[]): readonly CommitResult[] {
    this.#tables.checkOpen();
    return members.map((member) => this.#commitOne(member));
  }

  async transact(): Promise<CommitResult> {
    throw new CapabilityError("The memory store has no transactions for ctx.tx.", {
      hint: 'Use a database, such as `store: "sqlite:.agentflow/agentflow.db"`.',
    });
  }

  async readHead(tenant: string, runId: string): Promise<RunHead | undefined> {
    return this.#tables.run(tenant, runId)?.head;
  }

  async readScope(request: Parameters<RunStore["readScope"]>[0]): Promise<ScopeRecord> {
    const { tenant, runId, scope, from, upTo } = request;
    const run = this.#tables.run(tenant, runId);
    return run
      ? scopeOf(run, scope, from, upTo)
      : { snapshot: undefined, steps: [], journal: [], attempts: [] };
  }

  async readRecords(request: Parameters<RunStore["readRecords"]>[0]): Promise<readonly RecordRow[]> {
    const records = this.#tables.run(request.tenant, request.runId)?.records ?? [];
    const start = firstAbove(records, request.afterEvent);
    return records.slice(start, start + request.limit);
  }

  async readBlobs(
    tenant: string,
    runId: string,
    hashes: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const run = this.#tables.run(tenant, runId);
    const found = new Map<string, string>();
    for (const hash of hashes) {
      const json = run?.blob(hash);
      if (json === undefined) throw new StoreCorruptError(`Run ${runId} lacks the value ${hash}.`);
      found.set(hash, json);
    }
    return found;
  }

  async listRuns(query: RunQuery): Promise<readonly RunHead[]> {
    const runs = this.#tables.runsOf(query.tenant);
    const last = query.after === undefined ? undefined : this.#tables.run(query.tenant, query.after);
    if (query.after !== undefined && last === undefined)
      throw new RunNotFoundError(`There is no run ${query.after}.`);
    return runs
      .filter((run) => matches(run, query) && (last === undefined || newestFirst(last, run) < 0))
      .sort(newestFirst)
      .slice(0, query.limit)
      .map((run) => run.head);
  }

  async readDefinition(tenant: string, fingerprint: string): Promise<string | undefined> {
    return this.#tables.definition(tenant, fingerprint);
  }

  async close(): Promise<void> {
    this.#tables.close();
  }

  #commitOne(member: RunCommit): CommitResult {
    const { tenant, runId, expectedSeq, progress, create } = member;
    invariant(progress.seq === expectedSeq + 1, `Commit ${progress.seq} must follow ${expectedSeq}.`);
    const run = this.#tables.run(tenant, runId);
    if (create !== undefined && run === undefined) return this.#create(member, create);
    const passes =
      create === undefined && run?.progress.seq === expectedSeq && run.progress.epoch === progress.epoch;
    if (passes && run.holdsNone(member)) {
      run.apply(member);
      const inbox = run.inbox.length;
      return inbox > (member.inboxSeen ?? inbox) ? { kind: "committed", inbox } : committed;
    }
    return run === undefined ? { kind: "fenced", head: undefined } : classifyConflict(member, run.head, run);
  }

  #create(member: RunCommit, create: NonNullable<RunCommit["create"]>): CommitResult {
    try {
      checkIdentifier("tenant", member.tenant);
      checkIdentifier("runId", member.runId);
    } catch (error) {
      return { kind: "failed", error: error as Error };
    }
    const run = new MemoryRun(this.#tables.nextNumber(), create.origin, create.owner, member.progress);
    if (create.queued !== undefined) run.place = Object.freeze({ ...create.queued, begunAt: undefined });
    run.apply(member);
    this.#tables.add(run, create.definition);
    return committed;
  }
}

const committed: CommitResult = Object.freeze({ kind: "committed" });

function matches(run: MemoryRun, query: RunQuery): boolean {
  const { createdAt, workflow } = run.origin;
  const { status, wakeAt } = run.progress;
  return (
    (query.status === undefined || query.status.includes(status)) &&
    (query.workflow === undefined || query.workflow === workflow) &&
    (query.createdAfter === undefined || createdAt > query.createdAfter) &&
    (query.createdBefore === undefined || createdAt < query.createdBefore) &&
    (query.wakeBefore === undefined || (wakeAt !== undefined && wakeAt <= query.wakeBefore)) &&
    (query.owner === undefined || query.owner === run.owner)
  );
}

function newestFirst(a: MemoryRun, b: MemoryRun): number {
  const byTime = b.origin.createdAt - a.origin.createdAt;
  return byTime === 0 ? b.number - a.number : byTime;
}

function firstAbove(records: readonly RecordRow[], event: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = records[middle];
    if (record !== undefined && record.row.event <= event) low = middle + 1;
    else high = middle;
  }
  return low;
}
