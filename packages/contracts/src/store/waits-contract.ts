import assert from "node:assert/strict";
import type {
  CommitResult,
  InboxRow,
  OpenInterrupt,
  RunStatus,
  StoreBackend,
  WaitChanges,
  WaitRow,
} from "@agentflow/core";
import { commitAll } from "./committing.ts";
import {
  type NextCommitParts,
  nextCommit,
  sampleEntry,
  sampleJournal,
  sampleTime,
  startCommit,
  stepCommit,
} from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** What runs wait for, over all runs, and what wakes them (S13, S21). */
export function waitsContract(name: string, factory: StoreFactory): void {
  registerNews(name, factory);
  registerDue(name, factory);
  registerWakes(name, factory);
  registerInterrupts(name, factory);
  registerChanges(name, factory);
}

function registerNews(name: string, factory: StoreFactory): void {
  storeTest(name, "a commit tells of what its run has not read", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const told: (number | undefined)[] = [];
    const step = async (seq: number, parts: NextCommitParts): Promise<void> => {
      const [result] = await backend.runs.commit([stepCommit(seq, parts)]);
      told.push(inboxOf(result));
    };
    await step(2, { inboxSeen: 0 });
    await put(backend, { kind: "event", key: "a" });
    await step(3, { inboxSeen: 0 });
    await step(4, {});
    await put(backend, { kind: "event", key: "b" });
    await step(5, { inboxSeen: 1, progress: { status: "waiting" } });
    await step(6, { inboxSeen: 2 });
    await step(7, { inboxSeen: 1 });
    assert.deepEqual(told, [undefined, 1, undefined, 2, undefined, 2]);
    assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 7);
  });

  storeTest(name, "of a group, each member is told of its own run", factory, async ({ backend }) => {
    const runs = ["a", "b", "c"];
    await commitAll(
      backend,
      runs.map((runId) => startCommit({ runId })),
    );
    await put(backend, { kind: "event", key: "a" }, "b");
    const members = runs.map((runId) => stepCommit(2, { runId, inboxSeen: 0 }));
    const [, second] = members;
    if (second !== undefined) members.push(stepCommit(3, { runId: "b", inboxSeen: 0 }));
    const results = await backend.runs.commit(members);
    assert.deepEqual(results.map(inboxOf), [undefined, 1, undefined, 1]);
  });

  storeTest(name, "a commit with news that is fenced tells nothing", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    await put(backend, { kind: "event", key: "a" });
    const [result] = await backend.runs.commit([stepCommit(3, { inboxSeen: 0 })]);
    assert.equal(result?.kind, "fenced");
    assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
  });

  storeTest(name, "an entry keeps the number that it came in under", factory, async ({ backend }) => {
    const entry = sampleEntry({ kind: "answer", inputHash: "", inbox: 7 });
    await commitAll(backend, [startCommit(), nextCommit(2, { journal: [sampleJournal({ entry })] })]);
    const { journal } = await backend.runs.readScope({
      tenant: "default",
      runId: "run-1",
      scope: "",
      from: "start",
    });
    assert.deepEqual(
      journal.map((row) => row.entry),
      [entry],
    );
  });
}

function registerDue(name: string, factory: StoreFactory): void {
  storeTest(name, "runs whose time has come are listed, soonest first", factory, async ({ backend }) => {
    const wakes = { a: 30, b: 10, c: 20, d: 40, e: undefined, f: 5, g: 15, h: 12 };
    for (const [runId, wakeAt] of Object.entries(wakes)) {
      const workflow = runId === "g" ? "other" : "research";
      const tenant = runId === "h" ? "theirs" : "default";
      await commitAll(backend, [startCommit({ tenant, runId, workflow })]);
      const progress = { status: "waiting" as const, wakeAt };
      await commitAll(backend, [nextCommit(2, { tenant, runId, progress, release: runId !== "f" })]);
    }
    const due = async (now: number, limit = 9, workflows = ["research"], skip?: number): Promise<unknown> => {
      const page = { limit, ...(skip === undefined ? {} : { skip }) };
      const found = await backend.waits.listDue({ tenant: "default", workflows, now, ...page });
      return [found.heads.map(({ runId }) => runId).join(""), found.nextAt];
    };
    assert.deepEqual(await due(9), ["", 10]);
    assert.deepEqual(await due(25), ["bc", 30]);
    assert.deepEqual(await due(25, 1), ["b", 30]);
    assert.deepEqual(await due(25, 1, ["research"], 1), ["c", 30]);
    assert.deepEqual(await due(25, 9, ["research"], 2), ["", 30]);
    assert.deepEqual(await due(40), ["bcad", undefined]);
    assert.deepEqual(await due(40, 9, ["other", "research"]), ["bgcad", undefined]);
    assert.deepEqual(await due(40, 9, []), ["", undefined]);
    const [head] = (
      await backend.waits.listDue({ tenant: "default", workflows: ["research"], now: 10, limit: 1 })
    ).heads;
    assert.deepEqual(head, await backend.runs.readHead("default", "b"));
  });

  storeTest(name, "a run given back to wait with news is due at once", factory, async ({ backend }) => {
    const rests: Readonly<Record<string, NextCommitParts>> = {
      news: { inboxSeen: 0, release: true, progress: { status: "waiting", updatedAt: 50 } },
      sleeps: { inboxSeen: 0, release: true, progress: { status: "waiting", updatedAt: 60, wakeAt: 900 } },
      known: { inboxSeen: 1, release: true, progress: { status: "waiting", updatedAt: 50, wakeAt: 900 } },
      paused: { inboxSeen: 0, release: true, progress: { status: "paused", updatedAt: 50 } },
      kept: { inboxSeen: 0, progress: { status: "waiting", updatedAt: 50 } },
    };
    const runIds = Object.keys(rests);
    await commitAll(
      backend,
      runIds.map((runId) => startCommit({ runId })),
    );
    for (const runId of runIds) await put(backend, { kind: "event", key: "a" }, runId);
    await commitAll(
      backend,
      runIds.map((runId) => nextCommit(2, { runId, ...rests[runId] })),
    );
    const found = await dueRuns(backend, 100);
    assert.deepEqual(
      found.map(({ runId, wakeAt }) => [runId, wakeAt]),
      [
        ["news", 50],
        ["sleeps", 60],
      ],
    );
    const again = nextCommit(3, { runId: "kept", ...rests["news"] });
    await commitAll(backend, [again]);
    assert.equal((await backend.runs.readHead("default", "kept"))?.wakeAt, 50);
  });
}

function registerWakes(name: string, factory: StoreFactory): void {
  const wakes: readonly (readonly [InboxRow["kind"], string, readonly RunStatus[]])[] = [
    ["event", "news", ["waiting"]],
    ["event", "other", []],
    ["answer", "0.read#ask[0]", ["waiting"]],
    ["answer", "news", []],
    ["pause", "", ["waiting"]],
    ["cancel", "", ["waiting", "paused", "queued"]],
    ["resume", "", ["waiting", "paused", "queued", "failed"]],
  ];
  for (const [kind, key, woken] of wakes) {
    storeTest(name, `what a ${kind} of ${key === "" ? "a run" : key} wakes`, factory, async ({ backend }) => {
      const statuses = ["waiting", "paused", "queued", "failed", "succeeded", "cancelled"] as const;
      for (const status of statuses) {
        await commitAll(backend, [startCommit({ runId: status })]);
        const begun = [wait(0, { kind: "event", key: "news" }), wait(1, { key: "0.read#ask[0]" })];
        const parts = { runId: status, release: true, progress: { status }, waits: { begun, ended: [] } };
        await commitAll(backend, [nextCommit(2, parts)]);
        await put(backend, { kind, key, at: sampleTime + 5 }, status);
      }
      const found = await dueRuns(backend, sampleTime + 5);
      assert.deepEqual(found.map(({ status }) => status).sort(), [...woken].sort());
      assert.deepEqual(await dueRuns(backend, sampleTime + 4), []);
    });
  }

  storeTest(name, "what comes in late does not put off a run", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const progress = { status: "waiting" as const, wakeAt: 10 };
    await commitAll(backend, [nextCommit(2, { release: true, progress })]);
    await put(backend, { kind: "cancel", key: "", at: 99 });
    assert.equal((await backend.runs.readHead("default", "run-1"))?.wakeAt, 10);
  });
}

function registerInterrupts(name: string, factory: StoreFactory): void {
  storeTest(name, "open interrupts are listed over all runs, oldest first", factory, async ({ backend }) => {
    await ask(backend, { runId: "b", at: 20 });
    await ask(backend, { runId: "a", at: 10, workflow: "other", deadline: 77 });
    await ask(backend, { runId: "c", at: 20, ref: true });
    await ask(backend, { runId: "d", at: 5, tenant: "theirs" });
    const [first, second, third, ...rest] = await list(backend, {});
    assert.deepEqual(rest, []);
    const expected: OpenInterrupt = {
      tenant: "default",
      runId: "a",
      workflow: "other",
      status: "waiting",
      scope: "",
      superstep: 0,
      ordinal: 0,
      entry: 0,
      id: "0.read#ask[0]",
      name: "ask",
      node: "read",
      payload: '{"question":"a"}',
      ref: false,
      at: 10,
      deadline: 77,
    };
    assert.deepEqual(first, expected);
    assert.deepEqual([second?.runId, second?.ref, second?.deadline], ["b", false, undefined]);
    assert.deepEqual([third?.runId, third?.ref], ["c", true]);
    assert.deepEqual(await idsOf(backend, { workflow: "other" }), ["a"]);
    assert.deepEqual(await idsOf(backend, { runId: "c" }), ["c"]);
    assert.deepEqual(await idsOf(backend, { runId: "d" }), []);
    assert.deepEqual(await idsOf(backend, { tenant: "theirs" }), ["d"]);
    assert.deepEqual(await idsOf(backend, { limit: 2 }), ["a", "b"]);
    assert.deepEqual(await idsOf(backend, { after: second as OpenInterrupt }), ["c"]);
    assert.deepEqual(await idsOf(backend, { after: first as OpenInterrupt, limit: 1 }), ["b"]);
  });

  storeTest(
    name,
    "an interrupt with an answer is not open any more, until that is refused",
    factory,
    async ({ backend }) => {
      await ask(backend, { runId: "a", at: 10 });
      await ask(backend, { runId: "b", at: 20 });
      await put(backend, { kind: "event", key: "0.read#ask[0]" }, "b");
      await put(backend, { kind: "answer", key: "0.read#ask[0]" }, "a");
      assert.deepEqual(await idsOf(backend, {}), ["b"]);
      await backend.inbox.refuse({ tenant: "default", runId: "a", id: 1 });
      assert.deepEqual(await idsOf(backend, {}), ["a", "b"]);
    },
  );
}

function registerChanges(name: string, factory: StoreFactory): void {
  storeTest(name, "waits begin, end and are replaced with their commits", factory, async ({ backend }) => {
    const asked = [0, 1, 2].map((index) =>
      sampleJournal({
        ordinal: index,
        event: 2 + index,
        entry: sampleEntry({ kind: "interrupt", name: `ask${index}`, index: 0 }),
      }),
    );
    await commitAll(backend, [startCommit(), nextCommit(2, { journal: asked })]);
    let seq = 3;
    const change = async (waits: Partial<WaitChanges>): Promise<string> => {
      await commitAll(backend, [nextCommit(seq++, { waits: { begun: [], ended: [], ...waits } })]);
      return keysOf(backend);
    };
    assert.equal(await change({ begun: [ordinal(0), ordinal(1)] }), "0 1");
    assert.equal(await change({ begun: [ordinal(1, "again"), ordinal(2)], ended: [ordinal(0)] }), "2 again");
    assert.equal(await change({ ended: [ordinal(0), ordinal(9)] }), "2 again");
    assert.equal(await change({ ended: [ordinal(1), ordinal(2)] }), "");
    assert.equal(await change({ begun: [ordinal(0), ordinal(1), ordinal(2)] }), "0 1 2");
    assert.equal(await change({ none: true }), "");
    const group = [
      { begun: [ordinal(0), ordinal(1)], ended: [] },
      { begun: [ordinal(2)], ended: [ordinal(0)] },
      { begun: [ordinal(0, "back")], ended: [ordinal(2)] },
    ].map((waits) => nextCommit(seq++, { waits }));
    await commitAll(backend, group);
    assert.equal(await keysOf(backend), "1 back");
    const last = [
      { none: true as const, begun: [], ended: [] },
      { begun: [ordinal(2)], ended: [] },
    ];
    await commitAll(
      backend,
      last.map((waits) => nextCommit(seq++, { waits })),
    );
    assert.equal(await keysOf(backend), "2");
  });

  storeTest(name, "a commit that is refused changes no waits", factory, async ({ backend }) => {
    await ask(backend, { runId: "a", at: 10 });
    const waits = { begun: [], ended: [], none: true as const };
    const [result] = await backend.runs.commit([nextCommit(9, { runId: "a", waits })]);
    assert.equal(result?.kind, "fenced");
    assert.deepEqual(await idsOf(backend, {}), ["a"]);
  });

  storeTest(name, "waits of one run are none of another's", factory, async ({ backend }) => {
    await ask(backend, { runId: "a", at: 10 });
    await ask(backend, { runId: "b", at: 20 });
    await ask(backend, { runId: "c", at: 30 });
    await commitAll(backend, [
      nextCommit(3, { runId: "a", waits: { begun: [], ended: [], none: true } }),
      nextCommit(3, { runId: "c", waits: { begun: [], ended: [wait(0, {})] } }),
    ]);
    assert.deepEqual(await idsOf(backend, {}), ["b"]);
  });
}

function wait(entry: number, parts: Partial<WaitRow>): WaitRow {
  const place = { scope: "", superstep: 0, ordinal: 0, entry };
  return { ...place, kind: "answer", key: "0.read#ask[0]", at: sampleTime, deadline: undefined, ...parts };
}

function ordinal(index: number, key = String(index)): WaitRow {
  return wait(0, { ordinal: index, key });
}

interface Asked {
  readonly runId: string;
  readonly at: number;
  readonly tenant?: string;
  readonly workflow?: string;
  readonly deadline?: number;
  readonly ref?: true;
}

async function ask(backend: StoreBackend, asked: Asked): Promise<void> {
  const { runId, at, tenant = "default", workflow = "research", deadline, ref } = asked;
  const value = JSON.stringify({ question: runId });
  const entry = sampleEntry({
    kind: "interrupt",
    name: "ask",
    inputHash: "",
    value,
    ...(ref ? { ref } : {}),
  });
  const begun = [wait(0, { at, deadline })];
  const parts = { journal: [sampleJournal({ entry })], waits: { begun, ended: [] }, release: true };
  await commitAll(backend, [startCommit({ tenant, runId, workflow })]);
  await commitAll(backend, [nextCommit(2, { tenant, runId, progress: { status: "waiting" }, ...parts })]);
}

type Query = Partial<Parameters<StoreBackend["waits"]["listInterrupts"]>[0]>;

function list(backend: StoreBackend, query: Query): Promise<readonly OpenInterrupt[]> {
  return backend.waits.listInterrupts({ tenant: "default", limit: 99, ...query });
}

async function idsOf(backend: StoreBackend, query: Query): Promise<string[]> {
  return (await list(backend, query)).map(({ runId }) => runId);
}

async function keysOf(backend: StoreBackend): Promise<string> {
  return (await list(backend, {}))
    .map(({ id }) => id)
    .sort()
    .join(" ");
}

async function dueRuns(backend: StoreBackend, now: number) {
  const request = { tenant: "default", workflows: ["research"], now, limit: 99 };
  return (await backend.waits.listDue(request)).heads;
}

function put(backend: StoreBackend, parts: Partial<InboxRow>, runId = "run-1") {
  const row = { kind: "event", key: "", value: "null", by: undefined, at: sampleTime, ...parts } as const;
  const { id: _id, ...rest } = row as InboxRow;
  return backend.inbox.put({ tenant: "default", runId, row: rest });
}

function inboxOf(result: CommitResult | undefined): number | undefined {
  assert.equal(result?.kind, "committed");
  return result?.kind === "committed" ? result.inbox : undefined;
}
