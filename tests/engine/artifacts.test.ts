import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import {
  type ArtifactStore,
  CapabilityError,
  ConflictError,
  nested,
  StoreFullError,
  sum,
  value,
  workflow,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { memoryArtifacts, openMemory } from "@agentflow/store";

function open(hasArtifacts = true): Engine {
  const artifacts = hasArtifacts ? memoryArtifacts() : undefined;
  return new Engine({ backend: openMemory(), clock: new FakeClock(), host: new FakeHost(), artifacts });
}

test("two steps of one superstep that write one name are a conflict, whatever they write", async () => {
  const graph = workflow("names", { version: "1", state: { count: sum() } })
    .start("plan", () => ({}))
    .map("write", { after: "plan", over: () => [1, 2] }, async (_item, ctx) => {
      await ctx.safeWrite("out.md", "the same text");
      return { count: 1 };
    })
    .end("write");
  await using engine = open();
  const run = await engine.start(graph, {});
  await assert.rejects(run.result(), (error: unknown) => {
    assert.ok(error instanceof ConflictError);
    assert.deepEqual(error.context["steps"], ["1.write[0]", "1.write[1]"]);
    assert.equal(error.context["artifact"], "out.md");
    return true;
  });
});

test("what a write says depends on what earlier supersteps bound, also inside nested workflows", async () => {
  const reasons: string[] = [];
  const inner = workflow("inner", { version: "1", state: { text: value<string>() } })
    .start("write", async ({ text }, ctx) => {
      const { reason } = await ctx.safeWrite("inner.md", text);
      reasons.push(`inner ${reason}`);
    })
    .end("write");
  const graph = workflow("outer", { version: "1", state: { round: sum() } })
    .start("first", async (_state, ctx) => {
      for (const text of ["a", "a", "b"]) reasons.push((await ctx.safeWrite("a.md", text)).reason);
      return { round: 1 };
    })
    .node(
      "inside",
      { after: "first" },
      nested(inner, { input: () => ({ text: "x" }), output: () => ({ round: 1 }) }),
    )
    .node("last", { after: "inside" }, async (_state, ctx) => {
      reasons.push((await ctx.safeWrite("a.md", "b")).reason);
      reasons.push((await ctx.safeWrite("inner.md", "x")).reason);
    })
    .end("last");
  await using engine = open();
  const run = await engine.start(graph, {});
  await run.result();
  assert.deepEqual(reasons, ["created", "nochange", "changed", "inner created", "nochange", "nochange"]);
});

test("a disk that takes no artifact stops the run, is no failure of its step, and the run goes on when it does", async () => {
  let isFull = true;
  const memory = memoryArtifacts();
  const artifacts: ArtifactStore = {
    ...memory,
    put: async (tenant, bytes) => {
      if (isFull) throw new StoreFullError("The disk is full.");
      return memory.put(tenant, bytes);
    },
  };
  const backend = openMemory();
  const graph = workflow("full", { version: "1", state: { tries: sum() } })
    .start("write", async (_state, ctx) => {
      try {
        await ctx.safeWrite("a.md", "a");
      } catch {
        return { tries: 100 };
      }
      return { tries: ctx.attempt };
    })
    .end("write");
  await using engine = new Engine({ backend, clock: new FakeClock(), host: new FakeHost(), artifacts });
  const run = await engine.start(graph, {}, { id: "run" });
  await assert.rejects(run.result(), StoreFullError);
  assert.equal((await backend.runs.readHead("default", "run"))?.status, "running");
  isFull = false;
  const resumed = await engine.resume("run", graph);
  assert.deepEqual(await resumed.result(), { tries: 1 });
});

test("without an artifact store a write is refused with what to do", async () => {
  const graph = workflow("none", { version: "1", state: { count: sum() } })
    .start("write", async (_state, ctx) => {
      await ctx.safeWrite("a.md", "a");
    })
    .end("write");
  await using engine = open(false);
  const run = await engine.start(graph, {});
  await assert.rejects(run.result(), CapabilityError);
});
