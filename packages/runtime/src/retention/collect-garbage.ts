import { join } from "node:path";
import {
  type Clock,
  type OwnerRow,
  type RunPlace,
  type StoreBackend,
  tenantDirectoryName,
} from "@agentflow/core";
import { type EngineOptions, mergeEngineOptions } from "../engine-options.ts";
import { systemClock } from "../host/system-clock.ts";
import { systemHost } from "../host/system-host.ts";
import { livingOwners } from "../living-owners.ts";
import { directoriesBeside, storeIdentity } from "../open-backend.ts";
import {
  collectOwners,
  collectRuns,
  collectSnapshots,
  purgeRemoved,
  type StoreRound,
} from "./collect-store.ts";
import type { GarbageReport, RemovedFiles } from "./garbage-report.ts";
import { checkRetention, daysBefore, type RetentionOptions, removalRules } from "./retention-options.ts";

/** How garbage is collected. */
export interface GarbageOptions {
  /** The opened store; it stays open. */
  readonly store: StoreBackend;
  /** Change nothing and tell what would go. */
  readonly dryRun?: boolean;
  /** Give the space that is free in the store's file back to the file system: rewrites it while nobody can write. */
  readonly giveSpaceBack?: boolean;
}

// A step binds an artifact within this time of storing it, or stores it again.
const artifactDays = 7;
const cacheDays = 30;
const pageRuns = 500;

/**
 * Does one whole round of retention (S24), with the rules of `options.retention`: redundant snapshots, finished runs and
 * histories that the rules let go, run directories, rows of dead processes, contents that no run has bound, and cached
 * results that are not used any more. Can be ended anywhere, repeated, and done by several processes at once. Throws
 * ValidationError for a rule out of range, and store errors.
 */
export async function collectGarbage(options: EngineOptions, given: GarbageOptions): Promise<GarbageReport> {
  const merged = mergeEngineOptions([directoriesBeside(options.store), options]);
  const { tenant = "default", clock = systemClock, host = systemHost(), runsDirectory } = merged;
  const { store, dryRun = false, giveSpaceBack = false } = given;
  const { retention = {} } = merged;
  checkRetention(retention);
  const begun = clock.monotonic();
  const now = clock.now();
  const round: StoreRound = { backend: store, tenant, now, dryRun, runsDirectory, pause: async () => true };
  const dead = await deadOwners(store, { clock, host });
  const owners = await collectOwners(round, dead);
  const snapshots = await collectSnapshots(round);
  const removed = await collectByRules(round, retention);
  const purged = dryRun ? removed.directories : await purgeRemoved(round);
  const artifacts = await collectContents(merged, round);
  const cache = await collectCached(merged, retention, round);
  const space = await store.retention.space({ giveBack: giveSpaceBack && !dryRun });
  return {
    dryRun,
    snapshots,
    runs: removed.run,
    histories: removed.history,
    unexported: removed.unexported,
    directories: purged,
    owners,
    artifacts,
    cache,
    space,
    durationMs: clock.monotonic() - begun,
  };
}

async function deadOwners(
  store: StoreBackend,
  parts: { readonly clock: Clock; readonly host: ReturnType<typeof systemHost> },
): Promise<readonly OwnerRow[]> {
  const before = await store.owners.listOwners();
  if (before.length === 0) return [];
  const living = await livingOwners({ ...parts, read: () => store.owners.listOwners() });
  const ids = new Set(living.map(({ ownerId }) => ownerId));
  return before.filter(({ ownerId }) => !ids.has(ownerId));
}

async function collectByRules(round: StoreRound, retention: RetentionOptions) {
  const total = {
    run: { runs: 0, rows: 0, sizeBytes: 0 },
    history: { runs: 0, rows: 0, sizeBytes: 0 },
    unexported: 0,
    directories: { directories: 0, sizeBytes: 0 },
  };
  for (const rule of removalRules(retention, round.tenant, round.now)) {
    const { unexported, directories, ...removed } = await collectRuns(round, rule, true);
    total[rule.part] = removed;
    total.unexported += unexported;
    if (rule.part === "run") total.directories = directories;
  }
  return total;
}

async function collectContents(
  options: EngineOptions,
  { backend, tenant, now, dryRun }: StoreRound,
): Promise<GarbageReport["artifacts"]> {
  const { artifactsDirectory, store } = options;
  const user = storeIdentity(store);
  if (artifactsDirectory === undefined) return { files: 0, sizeBytes: 0, shared: false };
  if (user === undefined) return { files: 0, sizeBytes: 0, shared: true };
  const { collectArtifacts } = await import("@agentflow/store");
  const collected = await collectArtifacts({
    directory: artifactsDirectory,
    tenant,
    user,
    unusedBefore: daysBefore(now, artifactDays),
    dryRun,
    async withoutBound(hashes) {
      for (let after: RunPlace | undefined; hashes.size > 0; ) {
        const page = await backend.retention.readArtifacts({
          tenant,
          limit: pageRuns,
          ...(after && { after }),
        });
        for (const hash of page.items) hashes.delete(hash);
        if (page.next === undefined) return;
        after = page.next;
      }
    },
  });
  if (collected.kind === "shared") return { files: 0, sizeBytes: 0, shared: true };
  return { files: collected.files, sizeBytes: collected.sizeBytes, shared: false };
}

async function collectCached(
  { cacheDirectory }: EngineOptions,
  { keepCacheDays = cacheDays }: RetentionOptions,
  { tenant, now, dryRun }: StoreRound,
): Promise<RemovedFiles> {
  if (cacheDirectory === undefined) return { files: 0, sizeBytes: 0 };
  const { collectCache } = await import("@agentflow/store");
  const directory = join(cacheDirectory, tenantDirectoryName(tenant));
  return collectCache({ directory, unusedBefore: daysBefore(now, keepCacheDays), dryRun });
}
