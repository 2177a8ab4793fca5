import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryCancelledError } from "@agentflow/core";
import { SingleFlight } from "./single-flight.ts";

/** Counts how often work of each key is begun; it ends when it is told to, or fails when it is aborted. */
function counted() {
  const begun: { key: string; signal: AbortSignal; end: (result: string) => void }[] = [];
  const work = (key: string) => (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
    begun.push({ key, signal, end: resolve });
    return promise;
  };
  return { begun, work };
}

test("equal work at the same time is done once, for everybody; later it is done again (OLP-11)", async () => {
  const flights = new SingleFlight<string>();
  const { begun, work } = counted();
  const same = Array.from({ length: 10 }, () => flights.run("a", work("a")));
  const other = flights.run("b", work("b"));
  assert.deepEqual(
    begun.map(({ key }) => key),
    ["a", "b"],
  );
  for (const { key, end } of begun) end(`result of ${key}`);
  const results = await Promise.all(same);
  assert.ok(results.every(({ result }) => result === "result of a"));
  assert.equal(results.filter(({ shared }) => shared).length, 9);
  assert.deepEqual(await other, { result: "result of b", shared: false });
  const again = flights.run("a", work("a"));
  begun.at(-1)?.end("again");
  assert.deepEqual([await again, begun.length], [{ result: "again", shared: false }, 3]);
});

test("whoever leaves does not take the result from the others; when the last leaves, the work is stopped", async () => {
  const flights = new SingleFlight<string>();
  const { begun, work } = counted();
  const [first, second] = [new AbortController(), new AbortController()];
  const one = flights.run("a", work("a"), first.signal);
  const two = flights.run("a", work("a"), second.signal);
  first.abort();
  await assert.rejects(one, QueryCancelledError);
  assert.equal(begun[0]?.signal.aborted, false);
  begun[0]?.end("kept");
  assert.deepEqual(await two, { result: "kept", shared: true });

  const third = new AbortController();
  const three = flights.run("a", work("a"), third.signal);
  third.abort(new Error("bored"));
  await assert.rejects(three, (error) => ((error as Error).cause as Error).message === "bored");
  assert.equal(begun[1]?.signal.aborted, true);
  // What is being stopped is joined by nobody.
  const four = flights.run("a", work("a"));
  begun[2]?.end("new");
  assert.deepEqual(await four, { result: "new", shared: false });
  await assert.rejects(flights.run("a", work("a"), third.signal), QueryCancelledError);
  assert.equal(begun.length, 3);
});

test("a failure is told to everybody who waits, and the next one tries again", async () => {
  const flights = new SingleFlight<string>();
  const fails = (): Promise<string> => Promise.reject(new Error("broken"));
  for (const each of [flights.run("a", fails), flights.run("a", fails)]) await assert.rejects(each, /broken/);
  assert.equal((await flights.run("a", async () => "mended")).result, "mended");
});
