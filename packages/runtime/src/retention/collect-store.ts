import { join } from "node:path";
import {
  type Footprint,
  type OwnerRow,
  type RemovalRule,
  type RunPlace,
  runDirectoryName,
  type StoreBackend,
} from "@agentflow/core";
import { folderBytes, removeFolder } from "./remove-folder.ts";

/** A round of retention over one store. */
export interface StoreRound {
  readonly backend: StoreBackend;
  readonly tenant: string;
  /** Wall-clock milliseconds at the begin of the round. */
  readonly now: number;
  readonly dryRun: boolean;
  readonly runsDirectory: string | undefined;
  /** Waits between two pieces of work, each of which is short; false when the round is to end. */
  readonly pause: () => Promise<boolean>;
}

const pageRuns = 100;
const purgeRows = 200;
const triesWhileBusy = 3;
// Whoever reads a run has read a snapshot within this time of finding it.
const readersMs = 600_000;

/** Removes the redundant snapshots of every run of the tenant. */
export async function collectSnapshots(round: StoreRound) {
  const { backend, tenant, dryRun, now } = round;
  const total = { runs: 0, snapshots: 0, blobs: 0, sizeBytes: 0, busy: 0 };
  for (let after: RunPlace | undefined; ; ) {
    const page = await backend.retention.listCompactable({
      tenant,
      limit: pageRuns,
      ...(after && { after }),
    });
    for (const runId of page.items) {
      let found = false;
      // A run with many of them is mended in several transactions; a dry run counts all at once.
      for (let busy = 0; busy < triesWhileBusy; ) {
        if (!(await round.pause())) return total;
        const request = { tenant, runId, supersededBefore: now - readersMs, dryRun };
        const removal = await backend.retention.removeSnapshots(request);
        if (removal.kind === "busy") {
          busy += 1;
          if (busy === triesWhileBusy) total.busy += 1;
          continue;
        }
        if (removal.snapshots === 0) break;
        found = true;
        total.snapshots += removal.snapshots;
        total.blobs += removal.blobs;
        total.sizeBytes += removal.sizeBytes;
        if (dryRun) break;
      }
      if (found) total.runs += 1;
    }
    if (page.next === undefined || !(await round.pause())) return total;
    after = page.next;
  }
}

/** Takes the runs, or histories, that a rule lets go out of the store. `countsSpared` also counts those not exported. */
export async function collectRuns(round: StoreRound, rule: RemovalRule, countsSpared: boolean) {
  const { backend, dryRun, now } = round;
  const total = { runs: 0, rows: 0, sizeBytes: 0, unexported: 0 };
  const directories = { directories: 0, sizeBytes: 0 };
  const listed = countsSpared ? { ...rule, unexported: true } : rule;
  for (let after: RunPlace | undefined; ; ) {
    if (!(await round.pause())) return { ...total, directories };
    const page = await backend.retention.listRemovable(listed, { limit: pageRuns, ...(after && { after }) });
    const going = page.items.filter(({ exported }) => rule.unexported || exported);
    total.unexported += page.items.length - going.length;
    const runIds = going.map(({ runId }) => runId);
    if (runIds.length > 0) {
      const before = await measure(round, rule, runIds);
      const removed = dryRun ? runIds : await backend.retention.removeRuns(rule, { runIds, at: now });
      const spared = runIds.filter((runId) => !removed.includes(runId));
      // What somebody has taken at the last moment is still there to be measured.
      const left = spared.length === 0 ? { rows: 0, sizeBytes: 0 } : await measure(round, rule, spared);
      total.runs += removed.length;
      total.rows += before.rows - left.rows;
      total.sizeBytes += before.sizeBytes - left.sizeBytes;
      if (dryRun && rule.part === "run") await addDirectories(round, runIds, directories);
    }
    if (page.next === undefined) return { ...total, directories };
    after = page.next;
  }
}

async function addDirectories(
  { runsDirectory }: StoreRound,
  runIds: readonly string[],
  total: { directories: number; sizeBytes: number },
): Promise<void> {
  if (runsDirectory === undefined) return;
  for (const runId of runIds) {
    const sizeBytes = await folderBytes(join(runsDirectory, runDirectoryName(runId)));
    if (sizeBytes === undefined) continue;
    total.directories += 1;
    total.sizeBytes += sizeBytes;
  }
}

function measure(
  { backend, tenant }: StoreRound,
  rule: RemovalRule,
  runIds: readonly string[],
): Promise<Footprint> {
  return backend.retention.measureRuns({ tenant, runIds, part: rule.part });
}

/** Deletes the rows of removed runs, and the directories of those that went whole. */
export async function purgeRemoved(round: StoreRound) {
  const { backend, tenant } = round;
  const total = { directories: 0, sizeBytes: 0 };
  for (;;) {
    const removed = await backend.retention.listRemoved({ tenant, limit: pageRuns });
    for (const { number, runId, part } of removed) {
      if (part === "run") {
        const sizeBytes = await removeRunDirectory(round, runId);
        if (sizeBytes !== undefined) {
          total.directories += 1;
          total.sizeBytes += sizeBytes;
        }
      }
      for (let isDone = false; !isDone; ) {
        if (!(await round.pause())) return total;
        ({ isDone } = await backend.retention.purge({ tenant, number, rowsMax: purgeRows }));
      }
    }
    if (removed.length < pageRuns) return total;
  }
}

/** Its size in bytes, if there was one. Of a run that has taken the id since, the directory stays. */
async function removeRunDirectory(
  { backend, tenant, runsDirectory }: StoreRound,
  runId: string,
): Promise<number | undefined> {
  if (runsDirectory === undefined) return undefined;
  if ((await backend.runs.readHead(tenant, runId)) !== undefined) return undefined;
  return removeFolder(runsDirectory, runDirectoryName(runId));
}

/** Removes the rows of dead owners; their runs can be taken then, as before (S20). */
export async function collectOwners(
  { backend, dryRun }: StoreRound,
  dead: readonly OwnerRow[],
): Promise<number> {
  if (!dryRun) for (const { ownerId } of dead) await backend.owners.removeOwner(ownerId);
  return dead.length;
}
