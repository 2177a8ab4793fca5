import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { nested, type ResponseCache, value, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

function engineWith(cache: ResponseCache, reports: string[] = []): Engine {
  const onEmitterError = (name: string, error: unknown): void => {
    reports.push(`${name}: ${String(error)}`);
  };
  return new Engine({
    backend: openMemory(),
    clock: new FakeClock(),
    host: new FakeHost(),
    cache,
    onEmitterError,
  });
}

const cached = workflow("cached", { version: "1", state: { step: value(0), io: value(0) } })
  .start("step", async () => ({ step: 1 }), { cache: "shared" })
  .node("call", { after: "step" }, async (_state, ctx) => ({
    io: await ctx.io("call", null, () => 2, { cache: "shared" }),
  }))
  .end("call");

const broken: Readonly<Record<string, ResponseCache>> = {
  "holds what is no JSON": { get: async () => "{", put: async () => undefined },
  "holds something else": { get: async () => '{"values":{"other":1}}', put: async () => undefined },
  "cannot be read": {
    get: () => Promise.reject(new Error("unreadable")),
    put: async () => undefined,
  },
  "throws when it is read": {
    get: () => {
      throw new Error("unreadable");
    },
    put: async () => undefined,
  },
  "cannot be written": {
    get: async () => undefined,
    put: () => Promise.reject(new Error("unwritable")),
  },
  "throws when it is written": {
    get: async () => undefined,
    put: () => {
      throw new Error("unwritable");
    },
  },
};

for (const [what, cache] of Object.entries(broken)) {
  test(`a cache that ${what} costs no step and no call its result`, async () => {
    const reports: string[] = [];
    await using engine = engineWith(cache, reports);
    const run = await engine.start(cached, {});
    const { step, io } = await run.result();
    assert.equal(step, 1);
    if (what !== "holds something else") assert.equal(io, 2);
    if (what.includes("read") || what.includes("writ")) assert.equal(reports.length, 2);
  });
}

test("nodes of the same name in different nested workflows do not share cached outcomes", async () => {
  const entries = new Map<string, string>();
  const cache: ResponseCache = {
    get: async (_scope, key) => entries.get(key),
    put: async (_scope, key, json) => {
      entries.set(key, json);
    },
  };
  const child = (name: string, result: number) =>
    workflow(name, { version: "1", state: { step: value(0), io: value(0) } })
      .start("load", async () => ({ step: result }), { cache: "shared" })
      .node("call", { after: "load" }, async (_state, ctx) => ({
        io: await ctx.io("call", null, () => result, { cache: "shared" }),
      }))
      .end("call");
  const parent = workflow("parent", { version: "1", state: { first: value(""), second: value("") } })
    .start(
      "one",
      nested(child("a", 1), { input: () => ({}), output: ({ step, io }) => ({ first: `${step} ${io}` }) }),
    )
    .node(
      "two",
      { after: "one" },
      nested(child("b", 2), { input: () => ({}), output: ({ step, io }) => ({ second: `${step} ${io}` }) }),
    )
    .end("two");
  await using engine = engineWith(cache);
  const run = await engine.start(parent, {});
  assert.deepEqual(await run.result(), { first: "1 1", second: "2 2" });
});
