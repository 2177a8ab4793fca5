import { test } from "node:test";
import type { StoreBackend } from "@agentflow/core";

/** A fresh, empty store for one test. */
export interface StoreUnderTest {
  readonly backend: StoreBackend;
  /** Closes the store and opens the same data again; absent where nothing survives closing. */
  readonly reopen?: () => Promise<StoreBackend>;
  /** Closes the store and removes its data. */
  dispose(): Promise<void>;
}

/** Makes the stores that a contract suite runs against. */
export type StoreFactory = () => Promise<StoreUnderTest>;

/** Registers one case of a contract suite for one store. */
export function storeTest(
  name: string,
  promise: string,
  factory: StoreFactory,
  body: (store: StoreUnderTest) => Promise<void>,
): void {
  test(`${name}: ${promise}`, async () => {
    const store = await factory();
    try {
      await body(store);
    } finally {
      await store.dispose();
    }
  });
}
