import assert from "node:assert/strict";
import { type RemovalRule, type RunPlace, type StoreBackend, sha256Hex } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import {
  nextCommit,
  sampleAttempt,
  sampleEntry,
  sampleJournal,
  sampleMark,
  sampleSnapshot,
  sampleStep,
  sampleTime,
  startCommit,
} from "./sample-commits.ts";

export const tenant = "default";
export const large = (text: string): { hash: string; json: string } => ({
  hash: sha256Hex(text),
  json: JSON.stringify(text),
});

export const whole: RemovalRule = {
  tenant,
  part: "run",
  statuses: ["succeeded", "failed", "cancelled"],
  unexported: true,
};

/**
 * A run whose root has snapshots after supersteps 1, 2, 3 (of a seal that was tried again), 5 (of a migration) and 7, and
 * whose nested scope has two; each refers to a large value of its own, other rows to others.
 */
export async function commitSnapshots(backend: StoreBackend): Promise<void> {
  const nested = "1.work[0]";
  const start = startCommit({ input: `#${large("input").hash}` });
  await commitAll(backend, [{ ...start, blobs: [large("input")] }]);
  for (let superstep = 0; superstep <= 7; superstep++) {
    const seq = superstep + 2;
    const stamp = { seq, epoch: 1, event: seq };
    const value = large(`list ${superstep}`);
    const refs = JSON.stringify({ list: value.hash });
    const hasSnapshot = [1, 2, 7].includes(superstep);
    const inNested = { ...stamp, scope: nested, superstep: superstep - 2 };
    await commitAll(backend, [
      nextCommit(seq, {
        steps: [
          sampleStep({
            ...stamp,
            superstep,
            seal: superstep === 3 ? undefined : '{"frontier":[]}',
            detail: superstep === 4 ? JSON.stringify({ refs: { x: large("delta").hash } }) : undefined,
          }),
          ...(superstep >= 4 ? [sampleStep(inNested)] : []),
        ],
        journal:
          superstep === 5
            ? [
                sampleJournal({
                  ...stamp,
                  superstep,
                  entry: sampleEntry({ value: large("entry").hash, ref: true }),
                }),
              ]
            : [],
        attempts:
          superstep === 6
            ? [
                sampleAttempt({
                  ...stamp,
                  superstep,
                  entries: JSON.stringify([{ value: large("attempt").hash, ref: true }]),
                }),
              ]
            : [],
        marks:
          superstep === 7 ? [sampleMark({ ...stamp, refs: JSON.stringify({ y: large("mark").hash }) })] : [],
        snapshots: [
          ...(hasSnapshot
            ? [sampleSnapshot({ ...stamp, superstep, refs, state: `{"n":${superstep}}` })]
            : []),
          ...([4, 6].includes(superstep) ? [sampleSnapshot({ ...inNested, state: "{}" })] : []),
        ],
        blobs: [
          ...(hasSnapshot ? [value] : []),
          ...["delta", "entry", "attempt", "mark"].map((text) => large(text)),
        ],
      }),
    ]);
  }
  const later = { seq: 10, epoch: 1, event: 10 };
  await commitAll(backend, [
    nextCommit(10, {
      snapshots: [sampleSnapshot({ ...later, superstep: 3 }), sampleSnapshot({ ...later, superstep: 5 })],
    }),
  ]);
}

/** Runs a to e that have ended at distinct times, f that ended and is owned again, and one that goes on. */
export async function commitEnded(backend: StoreBackend): Promise<void> {
  const owner = { ownerId: "owner-1", host: "host-a", pid: 1, processStart: "1", counter: 0 };
  await backend.owners.registerOwner(owner);
  const statuses = {
    a: "succeeded",
    b: "failed",
    c: "succeeded",
    d: "cancelled",
    e: "succeeded",
    f: "failed",
  } as const;
  for (const [index, [runId, status]] of Object.entries(statuses).entries()) {
    const value = large(`step ${runId}`);
    const result = large(`result ${runId}`);
    const start = startCommit({ runId, createdAt: sampleTime + index, input: `#${large("input").hash}` });
    await commitAll(backend, [{ ...start, blobs: [large("input")] }]);
    const detail = JSON.stringify({ refs: { x: value.hash } });
    await commitAll(backend, [
      nextCommit(2, { runId, steps: [sampleStep({ detail })], blobs: [value] }),
      nextCommit(3, {
        runId,
        release: true,
        progress: { status, updatedAt: sampleTime + 101 + index },
        marks: [
          sampleMark({ seq: 3, event: 3, type: `run.${status}`, refs: JSON.stringify({ y: result.hash }) }),
        ],
        blobs: [result],
      }),
    ]);
    await put(backend, runId);
  }
  const take = {
    tenant,
    runId: "f",
    expectedEpoch: 1,
    expectedOwner: undefined,
    ownerId: "owner-1",
    recovery: 0,
  } as const;
  await backend.owners.takeRun(take);
  await commitAll(backend, [startCommit({ runId: "open", createdAt: sampleTime + 9 })]);
}

export async function exportRuns(backend: StoreBackend, runIds: readonly string[]): Promise<void> {
  const claimed = await backend.exports.claimExports({ tenant, batch: "all", at: sampleTime, limit: 99 });
  assert.ok(runIds.every((runId) => claimed.some((head) => head.runId === runId)));
  // An export that completes only some: the others go on under another batch.
  await backend.exports.completeExports({ tenant, batch: "all", at: sampleTime });
  for (const { runId, epoch, seq } of claimed) {
    if (runIds.includes(runId) || runId === "f") continue;
    await commitAll(backend, [
      nextCommit(seq + 1, {
        runId,
        progress: { epoch, status: statusOf(runId), updatedAt: updatedOf(runId) },
      }),
    ]);
  }
}

function statusOf(runId: string): "succeeded" | "failed" | "cancelled" {
  if (runId === "b" || runId === "f") return "failed";
  return runId === "d" ? "cancelled" : "succeeded";
}

function updatedOf(runId: string): number {
  return sampleTime + 101 + "abcdef".indexOf(runId);
}

export async function compactable(backend: StoreBackend): Promise<string[]> {
  const found: string[] = [];
  for (let after: RunPlace | undefined; ; ) {
    const page = await backend.retention.listCompactable({ tenant, limit: 1, ...(after && { after }) });
    found.push(...page.items);
    if (page.next === undefined) return found;
    after = page.next;
  }
}

export async function removable(backend: StoreBackend, rule: RemovalRule): Promise<string[]> {
  const found: string[] = [];
  for (let after: RunPlace | undefined; ; ) {
    const page = await backend.retention.listRemovable(rule, { limit: 2, ...(after && { after }) });
    found.push(...page.items.map(({ runId }) => runId));
    if (page.next === undefined) return found;
    after = page.next;
  }
}

export function remove(
  backend: StoreBackend,
  rule: RemovalRule,
  runIds: readonly string[],
  at = sampleTime,
): Promise<readonly string[]> {
  return backend.retention.removeRuns(rule, { runIds, at });
}

export async function purgeAll(backend: StoreBackend): Promise<void> {
  for (const { number } of await backend.retention.listRemoved({ tenant, limit: 99 })) {
    while (!(await backend.retention.purge({ tenant, number, rowsMax: 2 })).isDone);
  }
}

export function put(backend: StoreBackend, runId: string) {
  const row = { kind: "event", key: "k", value: "1", by: undefined, at: sampleTime } as const;
  return backend.inbox.put({ tenant, runId, row });
}

export async function ids(backend: StoreBackend): Promise<string[]> {
  return (await backend.runs.listRuns({ tenant, limit: 99 })).map(({ runId }) => runId);
}

/** All that a run is read and replayed from, its snapshots aside. */
export async function everythingOf(backend: StoreBackend): Promise<unknown> {
  const run = { tenant, runId: "run-1" };
  return [
    await backend.runs.readHead(tenant, "run-1"),
    await backend.runs.readScope({ ...run, scope: "", from: "start" }),
    await backend.runs.readScope({ ...run, scope: "1.work[0]", from: "start" }),
    await backend.runs.readRecords({ ...run, afterEvent: 0, limit: 999 }),
  ];
}

export async function snapshotsBelow(backend: StoreBackend, scope: string, upTo: number): Promise<string[]> {
  const request = { tenant, runId: "run-1", scope, from: "snapshot", upTo } as const;
  const { snapshot } = await backend.runs.readScope(request);
  return snapshot === undefined ? [] : [String(snapshot.superstep)];
}
