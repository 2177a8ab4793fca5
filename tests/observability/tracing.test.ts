import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  append,
  canonicalLog,
  interrupt,
  type ModelCall,
  nested,
  noSpan,
  type RecordEvent,
  type StoreBackend,
  value,
  workflow,
} from "@agentflow/core";
import { createEngine, type Engine, openBackend } from "@agentflow/runtime";
import { openTelemetry } from "@agentflow/runtime/observability";
import { trace } from "@opentelemetry/api";
import type { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { OtlpReceiver, type ReceivedSpan, treeOf } from "./otlp-receiver.ts";
import { tracedProvider } from "./traced-provider.ts";
import { stuckUnless } from "./traced-workflow.ts";

let receiver: OtlpReceiver;
let provider: NodeTracerProvider;
let backend: StoreBackend;
let engine: Engine;
/** What the step "first" of the first run found in its context. */
let orderKey = "";

before(async () => {
  receiver = await OtlpReceiver.open();
  provider = tracedProvider(receiver.url);
  backend = await openBackend({ store: "memory:" });
  engine = await createEngine({ store: backend, tracing: await openTelemetry() });
});

after(async () => {
  await engine.close();
  await provider.shutdown();
  await receiver[Symbol.asyncDispose]();
});

/** The spans of a run that has stopped, as they were received. */
async function spansOf(runId: string): Promise<readonly ReceivedSpan[]> {
  await provider.forceFlush();
  const { traceId } = await receiver.received(({ attributes }) => attributes["run_id"] === runId);
  return receiver.spans.filter((span) => span.traceId === traceId);
}

function shown({ name, attributes, isError }: ReceivedSpan): string {
  const attempt = attributes["attempt"] === undefined ? "" : ` #${attributes["attempt"]}`;
  const outcome = attributes["outcome"] === undefined ? "" : ` ${attributes["outcome"]}`;
  return `${name}${attempt}${outcome}${isError ? ` (${attributes["error.type"]})` : ""}`;
}

function withoutCommits(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  return spans.filter(({ name }) => name !== "commit");
}

/** A call of a model, as whoever makes one tells it. */
const words: ModelCall = {
  provider: "local",
  model: "words",
  outcome: "succeeded",
  inputTokens: 7,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 3,
  estimated: false,
  costNanos: 250_000_000,
  expectedNanos: null,
  latencyMs: 1,
};

const state = { log: append<string>(), x: value(0) };

test("the spans of a run with retries, a nested workflow and calls are its tree", async () => {
  const inner = workflow("inner", { version: "1", state: { log: append<string>() } })
    .start("first", (_state, ctx) => ({ log: [ctx.orderKey] }))
    .node("second", { after: "first" }, () => ({ log: ["second"] }))
    .end("second");
  let failures = 1;
  const outer = workflow("outer", { version: "1", state })
    .start("ask", async (_state, ctx) => {
      const answer = await ctx.io("model", "why?", async (_question, { account }) => {
        account(words);
        return "because";
      });
      return { log: [answer] };
    })
    .node(
      "flaky",
      { after: "ask" },
      async (_state, ctx) => {
        await ctx.io("search", { page: failures }, (_page, { span }) => {
          span.toolCall({ tool: "search" });
          if (failures-- > 0) throw new Error("offline");
        });
        return {};
      },
      { retry: { attemptsMax: 2, backoffMs: 1, io: "fresh" } },
    )
    .node(
      "inside",
      { after: "flaky" },
      nested(inner, { input: () => ({}), output: ({ log }) => ({ log: [...log] }) }),
    )
    .end("inside");
  const run = await engine.start(outer, {}, { id: "tree" });
  orderKey = (await run.result()).log.at(-2) ?? "";
  const spans = await spansOf("tree");
  assert.deepEqual(treeOf(withoutCommits(spans), shown), [
    "start outer",
    "  invoke_workflow outer succeeded",
    "    step ask #1 succeeded",
    "      io model #1 succeeded",
    "        chat words succeeded",
    "    step flaky #1 failed (AF_THROWN)",
    "      execute_tool search #1 failed (AF_THROWN)",
    "    step flaky #2 succeeded",
    "      execute_tool search #2 succeeded",
    "    step inside #1 succeeded",
    "      step first #1 succeeded",
    "      step second #1 succeeded",
  ]);
  for (const { from, to } of spans) assert.ok(from <= to);
});

test("spans carry the run, the step, its order key and attempt, and the names of the GenAI conventions", async () => {
  const spans = await spansOf("tree");
  const named = (name: string): ReceivedSpan["attributes"] =>
    spans.find((span) => span.name === name)?.attributes ?? assert.fail(name);
  const run = { tenant: "default", run_id: "tree", workflow_id: "outer" };
  assert.deepEqual(named("start outer"), run);
  assert.deepEqual(named("invoke_workflow outer"), {
    ...run,
    "gen_ai.operation.name": "invoke_workflow",
    "gen_ai.workflow.name": "outer",
    version: "1",
    outcome: "succeeded",
  });
  assert.deepEqual(named("step first"), {
    ...run,
    order_key: orderKey,
    step_id: "2.inside/0.first",
    node_id: "first",
    attempt: 1,
    outcome: "succeeded",
  });
  assert.deepEqual(named("chat words"), {
    run_id: "tree",
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "local",
    "gen_ai.request.model": "words",
    "gen_ai.usage.input_tokens": 7,
    "gen_ai.usage.output_tokens": 3,
    tokens_in: 7,
    tokens_out: 3,
    cost_usd: 0.25,
    outcome: "succeeded",
  });
});

test("each commit of the run has a span within the run", async () => {
  const spans = await spansOf("tree");
  const root = spans.find(({ name }) => name === "invoke_workflow outer");
  const commits = spans.filter(({ name }) => name === "commit");
  const head = await backend.runs.readHead("default", "tree");
  assert.deepEqual(
    commits.map(({ attributes }) => attributes["seq"]).sort((a, b) => Number(a) - Number(b)),
    Array.from({ length: head?.seq ?? 0 }, (_, index) => index + 1),
  );
  for (const { parentSpanId, attributes } of commits) {
    assert.equal(parentSpanId, root?.spanId);
    assert.deepEqual([attributes["run_id"], attributes["outcome"]], ["tree", "committed"]);
  }
});

test("what code of a step traces by itself is within its step, and within its call", async () => {
  const own = trace.getTracer("own");
  const work = workflow("own", { version: "1", state })
    .start("step", async (_state, ctx) => {
      await Promise.resolve();
      own.startSpan("in step").end();
      await ctx.io("call", null, async () => {
        await Promise.resolve();
        own.startSpan("in call").end();
        return null;
      });
      return {};
    })
    .end("step");
  await own.startActiveSpan("request", async (request) => {
    const run = await engine.start(work, {}, { id: "own" });
    await run.result();
    request.end();
  });
  assert.deepEqual(
    treeOf(withoutCommits(await spansOf("own")), ({ name }) => name),
    [
      "request",
      "  start own",
      "    invoke_workflow own",
      "      step step",
      "        in step",
      "        io call",
      "          in call",
    ],
  );
});

test("a failed run, a step that waits and one that was cancelled end their spans, and say so", async () => {
  const ask = interrupt<string, string>("ask");
  const asking = workflow("asking", { version: "1", state })
    .start("ask", async (_state, ctx) => ({ log: [await ctx.interrupt(ask, "well?")] }))
    .end("ask");
  await (await engine.start(asking, {}, { id: "asking" })).settled();
  assert.deepEqual(treeOf(withoutCommits(await spansOf("asking")), shown), [
    "start asking",
    "  invoke_workflow asking waiting",
    "    step ask #1 waiting",
  ]);
  const failing = workflow("failing", { version: "1", state, siblings: "abort" })
    .start("begin", () => ({}))
    .node("fails", { after: "begin" }, () => Promise.reject(new TypeError("no")))
    .node("hangs", { after: "begin" }, () => new Promise<never>(() => undefined))
    .end("fails", "hangs");
  const failed = await engine.start(failing, {}, { id: "failing" });
  assert.equal((await failed.settled()).status, "failed");
  assert.deepEqual(treeOf(withoutCommits(await spansOf("failing")), shown), [
    "start failing",
    "  invoke_workflow failing failed (AF_STEP_FAILED)",
    "    step begin #1 succeeded",
    "    step fails #1 failed (AF_THROWN)",
    "    step hangs #1 cancelled",
  ]);
});

test("a run that was killed goes on in the trace that it was started in", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-traced-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const store = `sqlite:${join(folder, "runs.db")}`;
  const program = fileURLToPath(new URL("traced-worker.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [program, store, receiver.url], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  const first = await receiver.received(
    ({ name, attributes }) =>
      name === "commit" && attributes["run_id"] === "killed" && attributes["seq"] === 2,
  );
  child.kill("SIGKILL");
  await ended;
  {
    await using second = await createEngine({ store, tracing: await openTelemetry() });
    await (await second.resume("killed", stuckUnless(true))).result();
  }
  const spans = await spansOf("killed");
  const started = spans.filter(({ name }) => name === "start stuck");
  assert.equal(started.length, 1);
  const runs = spans.filter(({ name }) => name === "invoke_workflow stuck");
  assert.deepEqual(
    runs.map(({ parentSpanId, attributes }) => [parentSpanId, attributes["outcome"]]),
    [[started[0]?.spanId, "succeeded"]],
    "that of the killed process never ended",
  );
  assert.notEqual(first.parentSpanId, runs[0]?.spanId);
  const steps = spans.filter(({ name }) => name.startsWith("step ")).map(({ name }) => name);
  assert.deepEqual(steps, ["step one", "step two"], "each by the process that ended it");
});

test("tracing changes nothing of what a run does: the same canonical log, with and without", async () => {
  const work = workflow("same", { version: "1", state })
    .start("one", async (_state, ctx) => ({ log: [await ctx.io("look", null, () => "seen")] }))
    .end("one");
  await using plain = await createEngine({ store: "memory:" });
  const logs: string[] = [];
  for (const each of [plain, engine]) {
    const run = await each.start(work, {}, { id: "same", seed: "s" });
    await run.result();
    const events: RecordEvent[] = [];
    for await (const event of run.events()) if ("seq" in event) events.push(event as RecordEvent);
    logs.push(canonicalLog(events));
  }
  assert.equal(logs[0], logs[1]);
});

test("without tracing a call's span does nothing, and a run carries no trace", async () => {
  await using plain = await createEngine({ store: "memory:" });
  let given: unknown;
  const work = workflow("plain", { version: "1", state })
    .start("one", (_state, ctx) =>
      ctx.io("look", null, (_null, { span }) => {
        given = span;
        return {};
      }),
    )
    .end("one");
  const run = await plain.start(work, {});
  await run.result();
  assert.equal(given, noSpan);
  for await (const event of run.events())
    if (event.type === "run.started") assert.equal(event.data?.["labels"], undefined);
});
