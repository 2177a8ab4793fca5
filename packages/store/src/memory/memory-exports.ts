import { type ExportStore, finishedStatuses, type RunHead } from "@agentflow/core";
import type { MemoryRun } from "./memory-run.ts";
import type { MemoryTables } from "./memory-tables.ts";

const finished: ReadonlySet<string> = new Set(finishedStatuses);

/** Export marks in memory (OLP-30). */
export function memoryExports(tables: MemoryTables): ExportStore {
  const openRuns = (tenant: string, batch?: string): MemoryRun[] =>
    tables
      .runsOf(tenant)
      .filter(({ exportMark }) => exportMark !== undefined && exportMark.exportedAt === undefined)
      .filter(({ exportMark }) => batch === undefined || exportMark?.batch === batch)
      .sort((a, b) => a.origin.createdAt - b.origin.createdAt || a.number - b.number);
  const readExports: ExportStore["readExports"] = async ({ tenant, batch }): Promise<readonly RunHead[]> =>
    openRuns(tenant, batch)
      .filter((run) => run.exportMark?.seq === run.progress.seq)
      .map((run) => run.head);
  return {
    readExports,
    async claimExports({ tenant, batch, at, limit }) {
      const free = tables
        .runsOf(tenant)
        .filter((run) => finished.has(run.progress.status) && run.historyRemovedAt === undefined)
        .filter((run) => run.exportMark?.seq !== run.progress.seq)
        .sort((a, b) => a.origin.createdAt - b.origin.createdAt || a.number - b.number)
        .slice(0, Math.max(0, limit - openRuns(tenant, batch).length));
      for (const run of free)
        run.exportMark = { seq: run.progress.seq, batch, claimedAt: at, exportedAt: undefined };
      return readExports({ tenant, batch });
    },
    async listOpenExports(tenant) {
      const batches = new Map<string, number>();
      for (const { exportMark } of openRuns(tenant)) {
        if (exportMark === undefined) continue;
        const { batch, claimedAt } = exportMark;
        batches.set(batch, Math.min(batches.get(batch) ?? claimedAt, claimedAt));
      }
      return [...batches]
        .map(([batch, claimedAt]) => ({ batch, claimedAt }))
        .sort((a, b) => a.claimedAt - b.claimedAt || (a.batch < b.batch ? -1 : 1));
    },
    async completeExports({ tenant, batch, at }) {
      for (const run of openRuns(tenant, batch))
        if (run.exportMark !== undefined) run.exportMark = { ...run.exportMark, exportedAt: at };
    },
  };
}
