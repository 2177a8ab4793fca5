import type {
  FinishedStatus,
  Footprint,
  RemovableRun,
  RemovalRule,
  RemovedRun,
  RetentionPage,
  RetentionStore,
  SnapshotRemoval,
  StoreSpace,
} from "@agentflow/core";
import { removableStatuses } from "../retention/removable-statuses.ts";
import { isExported, type MemoryRun } from "./memory-run.ts";
import type { MemoryTables } from "./memory-tables.ts";

type Parameter<Name extends keyof RetentionStore> = Parameters<RetentionStore[Name]>[0];

/** Retention in memory (S24). No rows of a removed run are left, but its name is kept until it is purged. */
export class MemoryRetention implements RetentionStore {
  readonly #tables: MemoryTables;
  readonly #removed = new Map<number, RemovedRun & { readonly tenant: string }>();
  #roundAt = 0;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async listCompactable({
    tenant,
    after,
    limit,
  }: Parameter<"listCompactable">): Promise<RetentionPage<string>> {
    const runs = this.#tables
      .runsOf(tenant)
      .filter((run) => run.number > (after?.number ?? -1))
      .slice(0, limit);
    const last = runs.at(-1);
    return {
      items: runs
        .filter((run) => run.removeSnapshots(Infinity, true).snapshots > 0)
        .map(({ origin }) => origin.runId),
      next: last === undefined || runs.length < limit ? undefined : { createdAt: 0, number: last.number },
    };
  }

  async removeSnapshots(request: Parameter<"removeSnapshots">): Promise<SnapshotRemoval> {
    const { tenant, runId, supersededBefore, dryRun } = request;
    const run = this.#tables.run(tenant, runId);
    if (run === undefined) return { kind: "removed", snapshots: 0, blobs: 0, sizeBytes: 0 };
    const before = run.progress.updatedAt < supersededBefore ? Infinity : supersededBefore;
    return { kind: "removed", ...run.removeSnapshots(before, dryRun) };
  }

  async listRemovable(
    rule: RemovalRule,
    { after, limit }: Parameters<RetentionStore["listRemovable"]>[1],
  ): Promise<RetentionPage<RemovableRun>> {
    const oldestFirst = this.#tables
      .runsOf(rule.tenant)
      .filter((run) => removableStatuses(rule).includes(run.progress.status as FinishedStatus))
      .sort(byPlace);
    const fitting = oldestFirst
      .slice(0, Math.max(0, oldestFirst.length - (rule.keep ?? 0)))
      .filter((run) => this.#fits(run, rule))
      .filter((run) => after === undefined || isAfter(run, after));
    const page = fitting.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map((run) => ({
        runId: run.origin.runId,
        status: run.progress.status as FinishedStatus,
        exported: isExported(run),
      })),
      next:
        last === undefined || page.length < limit
          ? undefined
          : { createdAt: last.origin.createdAt, number: last.number },
    };
  }

  async measureRuns({ tenant, runIds, part }: Parameter<"measureRuns">): Promise<Footprint> {
    let [rows, sizeBytes] = [0, 0];
    for (const runId of runIds) {
      const footprint = this.#tables.run(tenant, runId)?.footprint(part);
      rows += footprint?.rows ?? 0;
      sizeBytes += footprint?.sizeBytes ?? 0;
    }
    return { rows, sizeBytes };
  }

  async removeRuns(
    rule: RemovalRule,
    { runIds, at }: Parameters<RetentionStore["removeRuns"]>[1],
  ): Promise<readonly string[]> {
    return runIds.filter((runId) => {
      const run = this.#tables.run(rule.tenant, runId);
      if (run === undefined || !this.#fits(run, rule)) return false;
      if (rule.part === "run") this.#tables.remove(run);
      else run.removeHistory(at);
      const { number } = run;
      this.#removed.set(number, { tenant: rule.tenant, number, runId, part: rule.part });
      return true;
    });
  }

  async listRemoved({ tenant, limit }: Parameter<"listRemoved">): Promise<readonly RemovedRun[]> {
    return [...this.#removed.values()]
      .filter((removed) => removed.tenant === tenant)
      .slice(0, limit)
      .map(({ number, runId, part }) => ({ number, runId, part }));
  }

  async purge({ tenant, number }: Parameter<"purge">): Promise<{ rows: number; isDone: boolean }> {
    if (this.#removed.get(number)?.tenant === tenant) this.#removed.delete(number);
    return { rows: 0, isDone: true };
  }

  async readArtifacts({ tenant }: Parameter<"readArtifacts">): Promise<RetentionPage<string>> {
    const items = new Set(this.#tables.runsOf(tenant).flatMap((run) => run.boundHashes()));
    return { items: [...items], next: undefined };
  }

  async space(): Promise<StoreSpace | undefined> {
    return undefined;
  }

  async claimRound({ at, intervalMs }: Parameter<"claimRound">): Promise<boolean> {
    if (this.#roundAt > at - intervalMs) return false;
    this.#roundAt = at;
    return true;
  }

  #fits(run: MemoryRun, rule: RemovalRule): boolean {
    const { progress, owner } = run;
    return (
      removableStatuses(rule).includes(progress.status as FinishedStatus) &&
      (owner === undefined || !this.#tables.owners.has(owner)) &&
      (rule.finishedBefore === undefined || progress.updatedAt < rule.finishedBefore) &&
      (rule.part === "run" || run.historyRemovedAt === undefined) &&
      (rule.unexported || isExported(run))
    );
  }
}

function byPlace(a: MemoryRun, b: MemoryRun): number {
  return a.origin.createdAt - b.origin.createdAt || a.number - b.number;
}

function isAfter(run: MemoryRun, place: { readonly createdAt: number; readonly number: number }): boolean {
  const byTime = run.origin.createdAt - place.createdAt;
  return byTime > 0 || (byTime === 0 && run.number > place.number);
}
