import { commitContract } from "./commit-contract.ts";
import { durabilityContract } from "./durability-contract.ts";
import { exportContract } from "./export-contract.ts";
import { inboxContract } from "./inbox-contract.ts";
import { listingContract } from "./listing-contract.ts";
import { ownershipContract } from "./ownership-contract.ts";
import { queuesContract } from "./queues-contract.ts";
import { readingContract } from "./reading-contract.ts";
import { restedContract } from "./rested-contract.ts";
import { retentionContract } from "./retention-contract.ts";
import { schedulesContract } from "./schedules-contract.ts";
import { sizeContract } from "./size-contract.ts";
import type { StoreFactory, StoreSql } from "./store-factory.ts";
import { textContract } from "./text-contract.ts";
import { sqliteSql, transactionContract } from "./transaction-contract.ts";
import { waitsContract } from "./waits-contract.ts";

/** Registers every contract of a store back end with `node:test` (STO-1). */
export function storeContract(name: string, factory: StoreFactory, sql: StoreSql = sqliteSql): void {
  commitContract(name, factory);
  durabilityContract(name, factory);
  readingContract(name, factory);
  listingContract(name, factory);
  ownershipContract(name, factory);
  inboxContract(name, factory);
  waitsContract(name, factory);
  restedContract(name, factory);
  queuesContract(name, factory);
  schedulesContract(name, factory);
  textContract(name, factory);
  sizeContract(name, factory);
  retentionContract(name, factory);
  exportContract(name, factory);
  transactionContract(name, factory, sql);
}
