import type { DatabaseSync } from "node:sqlite";
import type { ExportStore, QueueStore, RetentionStore, ScheduleStore, StoreSpace } from "@agentflow/core";
import { SqlQueues } from "../queues/sql-queues.ts";
import type { RedundantParts } from "../retention/redundant-snapshots.ts";
import { deleteByKey, type RetentionDialect } from "../retention/retention-dialect.ts";
import { SqlExports } from "../retention/sql-exports.ts";
import { SqlRetention } from "../retention/sql-retention.ts";
import { SqlSchedules } from "../schedules/sql-schedules.ts";
import { copyLog } from "./copy-log.ts";
import type { LogDoubt } from "./log-doubt.ts";
import { MaintenanceDatabase } from "./maintenance-database.ts";
import { sqliteError } from "./sqlite-error.ts";

/** What the maintenance thread does, as plain data in and out. */
export interface MaintenanceOperations
  extends Omit<RetentionStore, "removeSnapshots">,
    Pick<ExportStore, "claimExports" | "completeExports">,
    QueueStore,
    ScheduleStore {
  findRedundant(
    request: Parameters<RetentionStore["removeSnapshots"]>[0],
  ): Promise<RedundantParts | undefined>;
  deleteRedundant(parts: RedundantParts | undefined): ReturnType<RetentionStore["removeSnapshots"]>;
  readExports: ExportStore["readExports"];
  listOpenExports: ExportStore["listOpenExports"];
}

const dialect: RetentionDialect = {
  listHint: (index) => ` INDEXED BY ${index}`,
  // A transaction that writes has the file to itself.
  lock: "",
  runs: (tenant, runIds) => ({
    condition: `tenant = ? AND run_id IN (${runIds.map(() => "?").join(", ")})`,
    values: [tenant, ...runIds],
  }),
  deleteSome: deleteByKey,
};

/** Retention, export marks, queues and schedules over one connection. They throw typed errors only. */
export function maintenanceSession(db: DatabaseSync, path: string, doubt: LogDoubt): MaintenanceOperations {
  const database = new MaintenanceDatabase(db, path);
  const retention = new SqlRetention(() => database, dialect);
  const exports = new SqlExports(() => database, dialect);
  const queues = new SqlQueues(() => database, dialect);
  const schedules = new SqlSchedules(() => database, dialect);
  return {
    listCompactable: (request) => retention.listCompactable(request),
    findRedundant: (request) => retention.findRedundant(request),
    deleteRedundant: (parts) => retention.deleteRedundant(parts),
    listRemovable: (rule, page) => retention.listRemovable(rule, page),
    measureRuns: (request) => retention.measureRuns(request),
    removeRuns: (rule, request) => retention.removeRuns(rule, request),
    listRemoved: (request) => retention.listRemoved(request),
    purge: (request) => retention.purge(request),
    readArtifacts: (request) => retention.readArtifacts(request),
    claimRound: (request) => retention.claimRound(request),
    space: async ({ giveBack }) => {
      try {
        if (giveBack) giveSpaceBack(db, path, doubt);
        return spaceOf(db);
      } catch (error) {
        doubt.hear(error);
        throw sqliteError(error, path);
      }
    },
    claimExports: (request) => exports.claimExports(request),
    readExports: (request) => exports.readExports(request),
    listOpenExports: (tenant) => exports.listOpenExports(tenant),
    completeExports: (request) => exports.completeExports(request),
    claimQueued: (request) => queues.claimQueued(request),
    readPlace: (tenant, runId) => queues.readPlace(tenant, runId),
    createSchedule: (row) => schedules.createSchedule(row),
    replaceSchedule: (row, expectedRevision) => schedules.replaceSchedule(row, expectedRevision),
    removeSchedule: (tenant, name) => schedules.removeSchedule(tenant, name),
    readSchedule: (tenant, name) => schedules.readSchedule(tenant, name),
    listSchedules: (request) => schedules.listSchedules(request),
  };
}

/** The file is rewritten through the log, which then is as long as the file; copying it back ends that. */
function giveSpaceBack(db: DatabaseSync, path: string, doubt: LogDoubt): void {
  db.exec("VACUUM");
  copyLog({ db, path, doubt }, "TRUNCATE");
}

function spaceOf(db: DatabaseSync): StoreSpace {
  const read = (name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
  const pageBytes = read("page_size");
  return { sizeBytes: read("page_count") * pageBytes, freeBytes: read("freelist_count") * pageBytes };
}
