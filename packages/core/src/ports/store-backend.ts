import type { InboxStore } from "./inbox-store.ts";
import type { OwnershipStore } from "./ownership-store.ts";
import type { RunStore } from "./run-store.ts";

/** One opened back end, by aggregate. */
export interface StoreBackend {
  readonly runs: RunStore;
  readonly owners: OwnershipStore;
  readonly inbox: InboxStore;
}
