import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreFailedError, StoreUnavailableError } from "@agentflow/core";
import { PooledDatabase } from "./pooled-database.ts";
import type { SqlPool } from "./sql-database.ts";

/** Connections to a server that is there or not. */
class Connections implements SqlPool {
  readonly beginSnapshot = [];
  readonly beginSearch = [];
  readonly beginUser = [];
  readonly beginSynced = [];
  /** Connections that cannot be made from now on. */
  refuses = 0;

  async connect(): ReturnType<SqlPool["connect"]> {
    if (this.refuses-- > 0) throw new StoreUnavailableError("away");
    return {
      session: { rows: async () => [], change: async () => 0, batch: async () => [] },
      user: async () => ({ rows: [], changes: 0 }),
      control: async () => undefined,
      release: () => undefined,
    };
  }

  typed(error: unknown): StoreUnavailableError | StoreFailedError {
    return error instanceof StoreUnavailableError ? error : new StoreFailedError(String(error));
  }

  isRowTaken(): boolean {
    return false;
  }

  async close(): Promise<void> {
    this.refuses = Number.POSITIVE_INFINITY;
  }
}

test("the time without a server counts from what was not answered to the next answer", async () => {
  const pool = new Connections();
  const database = new PooledDatabase(pool, 60_000);
  await database.repeatable(async () => 1);
  assert.equal(database.awayMs(), 0);
  pool.refuses = 3;
  await database.repeatable(async () => 2);
  const once = database.awayMs();
  assert.ok(once > 0);
  await database.repeatable(async () => 3);
  assert.equal(database.awayMs(), once);
  pool.refuses = 1;
  await database.repeatable(async () => 4);
  assert.ok(database.awayMs() > once);
});

test("an error that the server answers with is an answer", async () => {
  const pool = new Connections();
  const database = new PooledDatabase(pool, 0);
  pool.refuses = 1;
  await assert.rejects(
    database.repeatable(async () => 1),
    StoreUnavailableError,
  );
  await assert.rejects(
    database.repeatable(async () => {
      throw new Error("syntax");
    }),
    StoreFailedError,
  );
  const away = database.awayMs();
  assert.ok(away > 0);
  assert.equal(database.awayMs(), away);
});

test("who stops waiting is told at once", async () => {
  const pool = new Connections();
  const database = new PooledDatabase(pool, 60_000);
  pool.refuses = Number.POSITIVE_INFINITY;
  database.stopWaiting();
  await assert.rejects(
    database.repeatable(async () => 1),
    StoreUnavailableError,
  );
});
