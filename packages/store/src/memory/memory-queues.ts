import { finishedStatuses, type QueueStore, type RunHead } from "@agentflow/core";
import type { MemoryRun } from "./memory-run.ts";
import type { MemoryTables } from "./memory-tables.ts";

type Claim = Parameters<QueueStore["claimQueued"]>[0];

const finished: ReadonlySet<string> = new Set(finishedStatuses);

/** Queues in memory: the places of the runs that are there. */
export function memoryQueues(tables: MemoryTables): QueueStore {
  return {
    async claimQueued(request) {
      const { tenant, queue, now, limit, ownerId } = request;
      const places = tables.runsOf(tenant).filter(({ place }) => place?.queue === queue);
      for (const run of places)
        if (run.place?.begunAt !== undefined && finished.has(run.progress.status)) run.hasLeftQueue = true;
      for (const run of next(places, request)) {
        run.place = Object.freeze({ ...placeOf(run), begunAt: now });
        run.owner = ownerId;
        run.progress = Object.freeze({ ...run.progress, epoch: run.progress.epoch + 1 });
      }
      const heads: RunHead[] = places
        .filter(({ place, owner }) => place?.begunAt !== undefined && owner === ownerId)
        .filter(({ progress }) => progress.status === "queued")
        .sort(byTurn)
        .slice(0, limit)
        .map((run) => run.head);
      return { heads, nextAt: nextAt(places, request) };
    },
    async readPlace(tenant, runId) {
      return tables.run(tenant, runId)?.place;
    },
  };
}

/** The runs whose turn it is. */
function next(places: readonly MemoryRun[], request: Claim): readonly MemoryRun[] {
  const { workflows, limits, now, limit } = request;
  const { concurrency = Number.POSITIVE_INFINITY, keyConcurrency = Number.POSITIVE_INFINITY, rate } = limits;
  const begun = places.filter(({ place, hasLeftQueue }) => place?.begunAt !== undefined && !hasLeftQueue);
  const recent = rate === undefined ? 0 : begunSince(places, now - rate.perMs).length;
  const free = Math.min(
    limit,
    concurrency - begun.length,
    (rate?.limit ?? Number.POSITIVE_INFINITY) - recent,
  );
  const ofKey = new Map<string, number>();
  const count = (run: MemoryRun): number => {
    const { key } = placeOf(run);
    if (key === undefined) return 0;
    ofKey.set(key, (ofKey.get(key) ?? 0) + 1);
    return ofKey.get(key) ?? 0;
  };
  for (const run of begun) count(run);
  const chosen: MemoryRun[] = [];
  for (const run of places.filter((each) => isWaiting(each) && placeOf(each).dueAt <= now).sort(byTurn)) {
    if (chosen.length >= free) break;
    if (!workflows.includes(run.origin.workflow)) continue;
    const { key } = placeOf(run);
    if (key !== undefined && (ofKey.get(key) ?? 0) >= keyConcurrency) continue;
    count(run);
    chosen.push(run);
  }
  return chosen;
}

function nextAt(places: readonly MemoryRun[], { now, limits: { rate } }: Claim): number | undefined {
  const times = places.filter(isWaiting).map((run) => placeOf(run).dueAt);
  const later = times.filter((dueAt) => dueAt > now);
  if (rate !== undefined && times.some((dueAt) => dueAt <= now)) {
    const recent = begunSince(places, now - rate.perMs);
    if (recent.length >= rate.limit) later.push(Math.min(...recent) + rate.perMs);
  }
  return later.length === 0 ? undefined : Math.min(...later);
}

function begunSince(places: readonly MemoryRun[], since: number): readonly number[] {
  return places.map((run) => placeOf(run).begunAt ?? Number.NEGATIVE_INFINITY).filter((at) => at > since);
}

function isWaiting({ place, progress, owner }: MemoryRun): boolean {
  return place?.begunAt === undefined && progress.status === "queued" && owner === undefined;
}

function placeOf({ place }: MemoryRun): NonNullable<MemoryRun["place"]> {
  return place as NonNullable<MemoryRun["place"]>;
}

function byTurn(a: MemoryRun, b: MemoryRun): number {
  return placeOf(a).dueAt - placeOf(b).dueAt || a.number - b.number;
}
