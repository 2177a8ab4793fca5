import { commitContract } from "./commit-contract.ts";
import { inboxContract } from "./inbox-contract.ts";
import { listingContract } from "./listing-contract.ts";
import { ownershipContract } from "./ownership-contract.ts";
import { readingContract } from "./reading-contract.ts";
import type { StoreFactory, StoreSql } from "./store-factory.ts";
import { textContract } from "./text-contract.ts";
import { sqliteSql, transactionContract } from "./transaction-contract.ts";

/** Registers every contract of a store back end with `node:test` (STO-1). */
export function storeContract(name: string, factory: StoreFactory, sql: StoreSql = sqliteSql): void {
  commitContract(name, factory);
  readingContract(name, factory);
  listingContract(name, factory);
  ownershipContract(name, factory);
  inboxContract(name, factory);
  textContract(name, factory);
  transactionContract(name, factory, sql);
}
