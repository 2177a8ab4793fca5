import assert from "node:assert/strict";
import { type InboxRow, RunNotFoundError, type StoreBackend } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import { sampleTime, startCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** Inboxes: signals are kept in order, an interrupt is answered once, unless its answer is refused (S13, S21). */
export function inboxContract(name: string, factory: StoreFactory): void {
  registerOrder(name, factory);
  registerAnswers(name, factory);
  registerRefusals(name, factory);
  registerMissing(name, factory);
}

function registerOrder(name: string, factory: StoreFactory): void {
  storeTest(name, "signals are read in the order in which they came", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const rows = [
      inboxRow({ kind: "event", key: "paid", value: "1" }),
      inboxRow({ kind: "event", key: "paid", value: "2" }),
      inboxRow({ kind: "cancel", key: "", value: "null", by: undefined }),
      inboxRow({ kind: "pause", key: "" }),
      inboxRow({ kind: "resume", key: "" }),
    ];
    const stored: InboxRow[] = [];
    for (const row of rows) {
      const result = await put(backend, row);
      assert.equal(result.kind, "stored");
      stored.push(result.row);
    }
    assert.deepEqual(await read(backend), stored);
    assert.deepEqual(
      stored.map(({ id: _, ...row }) => row),
      rows,
    );
    assert.deepEqual(await read(backend, stored[2]?.id), stored.slice(3));
    assert.deepEqual(await read(backend, stored[4]?.id), []);
    const ids = stored.map(({ id }) => id);
    assert.deepEqual(
      ids,
      [...ids].sort((a, b) => a - b),
    );
  });

  storeTest(name, "the newest rows of many runs are told at once", factory, async ({ backend }) => {
    const runIds = Array.from({ length: 40 }, (_, index) => `run-${index}`);
    const theirs = startCommit({ tenant: "theirs", runId: "run-2" });
    await commitAll(backend, [...runIds.map((runId) => startCommit({ runId })), theirs]);
    const row = inboxRow({ kind: "event", key: "paid" });
    for (const runId of ["run-1", "run-39", "run-39"])
      await backend.inbox.put({ tenant: "default", runId, row });
    await backend.inbox.put({ tenant: "theirs", runId: "run-2", row });
    const newest = await backend.inbox.newest("default", [...runIds, "missing"]);
    assert.deepEqual([...newest].sort(), [
      ["run-1", 1],
      ["run-39", 2],
    ]);
    assert.deepEqual([...(await backend.inbox.newest("default", ["run-3"]))], []);
    assert.deepEqual([...(await backend.inbox.newest("default", []))], []);
  });

  storeTest(name, "signals given at once are all kept, in one order", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const people = Array.from({ length: 8 }, (_, index) => `person-${index}`);
    await Promise.all(people.map(() => read(backend)));
    const results = await Promise.all(people.map((by) => put(backend, inboxRow({ kind: "event", by }))));
    const rows = await read(backend);
    assert.deepEqual(
      rows,
      results.map(({ row }) => row).sort((a, b) => a.id - b.id),
    );
    assert.equal(new Set(rows.map(({ id }) => id)).size, people.length);
  });
}

function registerAnswers(name: string, factory: StoreFactory): void {
  storeTest(name, "the first answer to an interrupt counts", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), startCommit({ runId: "run-2" })]);
    const first = await put(backend, inboxRow({ value: "true", by: "ann" }));
    const second = await put(backend, inboxRow({ value: "false", by: "bob" }));
    assert.deepEqual(second, { kind: "answered", row: first.row });
    assert.deepEqual(await read(backend), [first.row]);
    assert.equal((await put(backend, inboxRow({ key: "0.review#approve[1]" }))).kind, "stored");
    assert.equal((await put(backend, inboxRow({ kind: "event" }))).kind, "stored");
    assert.equal((await put(backend, inboxRow(), "run-2")).kind, "stored");
  });

  storeTest(name, "of many answers at once, one is stored", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const people = Array.from({ length: 8 }, (_, index) => `person-${index}`);
    // Whatever a store opens on first use is there, so that all of them meet.
    await Promise.all(people.map(() => read(backend)));
    const results = await Promise.all(people.map((by) => put(backend, inboxRow({ by }))));
    assert.equal(results.filter(({ kind }) => kind === "stored").length, 1);
    assert.equal(new Set(results.map(({ row }) => row.by)).size, 1);
  });
}

function registerRefusals(name: string, factory: StoreFactory): void {
  storeTest(name, "a refused answer is kept, and the next one counts", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const event = await put(backend, inboxRow({ kind: "event" }));
    const wrong = await put(backend, inboxRow({ value: '"wrong"', by: "ann" }));
    const refuse = ({ row }: { readonly row: InboxRow }) =>
      backend.inbox.refuse({ tenant: "default", runId: "run-1", id: row.id });
    await refuse(wrong);
    await refuse(event);
    const right = await put(backend, inboxRow({ value: '"right"', by: "bob" }));
    assert.equal(right.kind, "stored");
    await refuse(wrong);
    assert.deepEqual(await put(backend, inboxRow({ by: "cyd" })), { kind: "answered", row: right.row });
    const expected = [event.row, { ...wrong.row, kind: "refused" as const }, right.row];
    assert.deepEqual(await read(backend), expected);
    await refuse(right);
    assert.equal((await put(backend, inboxRow({ by: "dot" }))).kind, "stored");
  });

  storeTest(name, "an answer of another run or tenant is not refused", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), startCommit({ runId: "run-2" })]);
    const { row } = await put(backend, inboxRow());
    await backend.inbox.refuse({ tenant: "default", runId: "run-2", id: row.id });
    await backend.inbox.refuse({ tenant: "other", runId: "run-1", id: row.id });
    await backend.inbox.refuse({ tenant: "default", runId: "missing", id: row.id });
    assert.deepEqual(await read(backend), [row]);
  });
}

function registerMissing(name: string, factory: StoreFactory): void {
  storeTest(name, "a run that does not exist has no inbox", factory, async ({ backend }) => {
    await assert.rejects(put(backend, inboxRow(), "missing"), RunNotFoundError);
    const elsewhere = { tenant: "other", runId: "run-1", row: inboxRow() };
    await commitAll(backend, [startCommit()]);
    await assert.rejects(backend.inbox.put(elsewhere), RunNotFoundError);
    assert.deepEqual(await backend.inbox.read("other", "run-1", 0), []);
  });
}

function inboxRow(parts: Partial<Omit<InboxRow, "id">> = {}): Omit<InboxRow, "id"> {
  return { kind: "answer", key: "0.review#approve[0]", value: "{}", by: "ann", at: sampleTime, ...parts };
}

function put(backend: StoreBackend, row: Omit<InboxRow, "id">, runId = "run-1") {
  return backend.inbox.put({ tenant: "default", runId, row });
}

function read(backend: StoreBackend, afterId = 0): Promise<readonly InboxRow[]> {
  return backend.inbox.read("default", "run-1", afterId);
}
