import { test } from "node:test";
import type { StoreBackend } from "@agentflow/core";

/** A fresh, empty store for one test. */
export interface StoreUnderTest {
  readonly backend: StoreBackend;
  /** Closes the store and opens the same data again; absent where nothing survives closing. */
  readonly reopen?: () => Promise<StoreBackend>;
  /** Runs a statement outside the store; where `ctx.tx` may not create tables. */
  readonly execute?: (statement: string) => Promise<void>;
  /** Closes the store and removes its data. */
  dispose(): Promise<void>;
}

/** How the SQL of `ctx.tx` is written for a store. */
export interface StoreSql {
  /** Marks the nth parameter, from 1. */
  placeholder(nth: number): string;
  /** Statements of the database that `ctx.tx` refuses, beside all that touch AgentFlow's tables. */
  readonly refused: readonly string[];
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
