import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreFailedError, StoreLockedError, StoreUnavailableError } from "@agentflow/core";
import { pauseBefore, retryTransient } from "./retry-transient.ts";

const locked = new StoreLockedError("deadlock");
const unavailable = new StoreUnavailableError("gone");

function failing(...errors: readonly Error[]): () => Promise<number> {
  let tries = 0;
  return async () => {
    const error = errors[tries++];
    if (error !== undefined) throw error;
    return tries;
  };
}

test("a deadlock or a lost server is tried again", async () => {
  const work = failing(locked, unavailable, locked);
  assert.equal(await retryTransient(work, { patienceMs: 60_000, retries: () => true }), 4);
});

test("what may have happened already is not tried again", async () => {
  const patience = { patienceMs: 60_000, retries: (kind: string) => kind === "locked" };
  await assert.rejects(retryTransient(failing(locked, unavailable), patience), unavailable);
});

test("any other error, and the end of patience, are passed on", async () => {
  const failed = new StoreFailedError("syntax");
  await assert.rejects(retryTransient(failing(failed), { patienceMs: 60_000, retries: () => true }), failed);
  await assert.rejects(retryTransient(failing(locked), { patienceMs: 0, retries: () => true }), locked);
});

test("pauses double up to a second and differ between processes", () => {
  assert.deepEqual(
    [0, 1, 2, 20].map((nth) => pauseBefore(nth, 1)),
    [5, 10, 20, 1_000],
  );
  assert.equal(pauseBefore(3, 0), 20);
});
