import type { ExportStore } from "./export-store.ts";
import type { InboxStore } from "./inbox-store.ts";
import type { OwnershipStore } from "./ownership-store.ts";
import type { QueueStore } from "./queue-store.ts";
import type { RetentionStore } from "./retention-store.ts";
import type { RunStore } from "./run-store.ts";
import type { ScheduleStore } from "./schedule-store.ts";
import type { WaitStore } from "./wait-store.ts";

/** One opened back end, by aggregate. */
export interface StoreBackend {
  readonly runs: RunStore;
  readonly owners: OwnershipStore;
  readonly inbox: InboxStore;
  readonly waits: WaitStore;
  readonly queues: QueueStore;
  readonly schedules: ScheduleStore;
  readonly retention: RetentionStore;
  readonly exports: ExportStore;
}
