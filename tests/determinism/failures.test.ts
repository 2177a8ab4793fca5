import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededScheduler } from "@agentflow/contracts";
import {
  type AttemptRow,
  append,
  type Failure,
  jitterOf,
  MaxAttemptsExceededError,
  merge,
  nested,
  type RetryPolicy,
  StepFailedError,
  type StoreBackend,
  sum,
  ValidationError,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { openEngine } from "./open-engine.ts";
import { Points } from "./points.ts";
import { rowsOf, stepRowsOf } from "./recorded-run.ts";
import { fail, settle, succeed, turns } from "./settle.ts";

const state = { log: append<string>(), count: sum(), seen: merge<string>() };
const always = { retryIf: () => true } as const;

async function attemptsOf(backend: StoreBackend, runId: string): Promise<AttemptRow[]> {
  return (await rowsOf(backend, runId)).flatMap((record) => (record.kind === "attempt" ? [record.row] : []));
}

/** One node that fails until attempt `until`. */
function failing(until: number, retry: RetryPolicy): Workflow<typeof state> {
  return workflow("failing", { version: "1", state })
    .start(
      "flaky",
      async (_state, ctx) => {
        if (ctx.attempt < until) throw new RangeError(`attempt ${ctx.attempt}`);
        return { log: [`attempt ${ctx.attempt} succeeded`] };
      },
      { retry },
    )
    .end("flaky");
}

test("a step is tried again until it succeeds, and each failed attempt is recorded with its number", async () => {
  await using opened = openEngine();
  const run = await opened.engine.start(failing(3, { attemptsMax: 5, backoffMs: 10, ...always }), {});
  assert.deepEqual((await succeed(run, opened.clock)).log, ["attempt 3 succeeded"]);
  const attempts = await attemptsOf(opened.backend, run.runId);
  const told = attempts.map((row) => [
    row.attempt,
    row.outcome,
    (JSON.parse(row.failure) as Failure).message,
  ]);
  assert.deepEqual(told, [
    [1, "failed", "attempt 1"],
    [2, "failed", "attempt 2"],
  ]);
  assert.equal(opened.engine.metrics().retriesTotal, 2);
});

test("exhausted attempts fail the run with a typed error that carries the last failure as its cause", async () => {
  await using opened = openEngine();
  const run = await opened.engine.start(failing(9, { attemptsMax: 3, backoffMs: 10, ...always }), {});
  const { error, failure } = await fail(run, opened.clock);
  assert.ok(error instanceof MaxAttemptsExceededError);
  assert.ok(error.cause instanceof RangeError);
  assert.deepEqual(error.context, { stepId: "0.flaky", node: "flaky", attempts: 3 });
  assert.deepEqual([failure.cause?.name, failure.cause?.message], ["RangeError", "attempt 3"]);
  const attempts = await attemptsOf(opened.backend, run.runId);
  assert.deepEqual(
    attempts.map((row) => row.nextAt === undefined),
    [false, false, true],
  );
});

test("without a retry policy one failure ends the step", async () => {
  await using opened = openEngine();
  const { error } = await fail(await opened.engine.start(failing(9, {}), {}), opened.clock);
  assert.ok(error instanceof StepFailedError);
  assert.ok(error.cause instanceof RangeError);
});

/** The delays before the attempts of a run with this seed, in a process of its own. */
async function delaysOf(seed: string, pid: number): Promise<number[]> {
  await using opened = openEngine({ host: { pid } });
  opened.clock.advance(pid * 1_000);
  const retry = { attemptsMax: 6, backoffMs: 100, factor: 2, maxDelayMs: 1_000, jitter: 0.5, ...always };
  const run = await opened.engine.start(failing(9, retry), {}, { seed });
  await settle(run, opened.clock);
  const attempts = await attemptsOf(opened.backend, run.runId);
  return attempts.flatMap((row) => (row.nextAt === undefined ? [] : [row.nextAt - row.startedAt]));
}

test("the delays grow exponentially up to their bound, less a seeded share that is the same in every process", async () => {
  const delays = await delaysOf("one", 1);
  const full = [100, 200, 400, 800, 1_000];
  const expected = full.map((ms, index) =>
    Math.round(ms * (1 - 0.5 * jitterOf("one", "0.flaky", index + 1))),
  );
  assert.deepEqual(delays, expected);
  assert.equal(
    new Set(delays.map((ms, index) => ms / (full[index] as number))).size,
    5,
    "each share is another",
  );
  assert.deepEqual(await delaysOf("one", 2), delays);
  assert.notDeepEqual(await delaysOf("two", 1), delays);
});

test("an attempt does not start before its delay is over", async () => {
  const started: number[] = [];
  await using opened = openEngine();
  const graph = workflow("timed", { version: "1", state })
    .start(
      "flaky",
      (_state, ctx) => {
        started.push(opened.clock.now());
        if (ctx.attempt < 3) throw new Error("again");
      },
      { retry: { attemptsMax: 3, backoffMs: 50, jitter: 0, ...always } },
    )
    .end("flaky");
  await succeed(await opened.engine.start(graph, {}), opened.clock);
  const [first = 0, second = 0, third = 0] = started;
  assert.deepEqual([second - first, third - second], [50, 100]);
});

test("the predicate alone decides whether a failure is tried again; without it the failure's class does", async () => {
  const tries = async (error: () => Error, retry: RetryPolicy): Promise<number> => {
    let count = 0;
    const graph = workflow("predicate", { version: "1", state })
      .start(
        "fails",
        (): { count: number } => {
          count++;
          throw error();
        },
        { retry: { attemptsMax: 3, backoffMs: 1, ...retry } },
      )
      .end("fails");
    await using opened = openEngine();
    await fail(await opened.engine.start(graph, {}), opened.clock);
    return count;
  };
  const invalid = (): Error => new ValidationError("AF_OUTPUT_INVALID", "not valid");
  const busy = (): Error => Object.assign(new Error("busy"), { code: "ECONNRESET" });
  assert.equal(await tries(invalid, {}), 1, "a validation error is not tried again");
  assert.equal(await tries(busy, {}), 3, "a lost connection is");
  assert.equal(await tries(invalid, { retryIf: () => true }), 3);
  assert.equal(await tries(busy, { retryIf: (failure) => failure.message !== "busy" }), 1);
});

test("recover turns the last failure into a delta, which tells that it was recovered", async () => {
  const graph = workflow("recovering", { version: "1", state })
    .start("begin", () => ({}))
    .map(
      "each",
      { after: "begin", over: () => ["a", "b", "c"] },
      (item) => {
        if (item === "b") throw new RangeError(`no ${item}`);
        return { log: [item] };
      },
      {
        retry: { attemptsMax: 2, backoffMs: 10, ...always },
        recover: async (failure, item, ctx) => ({ log: [`${item}: ${failure.message} (${ctx.stepId})`] }),
      },
    )
    .end("each");
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  assert.deepEqual((await succeed(run, opened.clock)).log, ["a", "b: no b (1.each[1])", "c"]);
  const row = (await stepRowsOf(opened.backend, run.runId)).find((step) => step.item === 1);
  const { recovered } = JSON.parse(row?.detail ?? "{}") as { recovered: Failure };
  assert.deepEqual([recovered.name, recovered.message, row?.attempt], ["RangeError", "no b", 2]);
  assert.equal((await opened.engine.replay(run.runId, graph)).matches, true);
});

test("a recover that fails fails the step", async () => {
  const graph = workflow("recovering", { version: "1", state })
    .start(
      "fails",
      (): { count: number } => {
        throw new Error("first");
      },
      {
        recover: (): { count: number } => {
          throw new Error("second");
        },
      },
    )
    .end("fails");
  await using opened = openEngine();
  const { failure } = await fail(await opened.engine.start(graph, {}), opened.clock);
  assert.match(failure.message, /second/);
});

test("the next attempt inherits successful calls and makes failed ones again; with io fresh it makes all again", async () => {
  const callsOf = async (io: "keep" | "fresh"): Promise<string[]> => {
    const calls: string[] = [];
    const graph = workflow("calling", { version: "1", state })
      .start(
        "call",
        async (_state, ctx) => {
          const first = await ctx.io("first", null, () => calls.push(`first ${ctx.attempt}`));
          await ctx.io("second", null, () => {
            calls.push(`second ${ctx.attempt}`);
            if (ctx.attempt < 3) throw new Error("down");
          });
          return { count: first };
        },
        { retry: { attemptsMax: 3, backoffMs: 5, io, ...always } },
      )
      .end("call");
    await using opened = openEngine();
    const run = await opened.engine.start(graph, {});
    await succeed(run, opened.clock);
    assert.equal((await opened.engine.replay(run.runId, graph)).matches, true, io);
    return calls;
  };
  assert.deepEqual(await callsOf("keep"), ["first 1", "second 1", "second 2", "second 3"]);
  assert.deepEqual(await callsOf("fresh"), [
    "first 1",
    "second 1",
    "first 2",
    "second 2",
    "first 3",
    "second 3",
  ]);
});

/** Five items of which `broken` fail; each waits at its point. */
function fanOut(
  points: Points,
  broken: { items: readonly number[] },
  executed: number[],
): Workflow<typeof state> {
  return workflow("partial", { version: "1", state })
    .start("begin", () => ({}))
    .map("each", { after: "begin", over: () => [0, 1, 2, 3, 4] }, async (item, ctx) => {
      executed.push(item);
      await points.at(ctx.stepId);
      if (broken.items.includes(item)) throw new RangeError(`item ${item}`);
      return { log: [`item ${item}`] };
    })
    .node("after", { after: "each" }, () => ({ log: ["after"] }))
    .end("after");
}

test("running siblings of a failed step finish and stay staged; resume executes only what is not staged", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const points = new Points();
    const broken = { items: [1, 3] };
    const executed: number[] = [];
    const graph = fanOut(points, broken, executed);
    await using opened = openEngine();
    const scheduler = new SeededScheduler(String(seed), { clock: opened.clock });
    points.current = scheduler;
    const run = await opened.engine.start(graph, {});
    const outcome = await scheduler.drive(run.settled());
    assert.equal(outcome.status, "failed");
    if (outcome.status !== "failed") return;
    assert.match(
      outcome.failure.message,
      /^1\.each\[1\] failed: item 1/,
      "the lowest order key names the failure",
    );
    assert.deepEqual(
      outcome.others.map((other) => other.message),
      ["1.each[3] failed: item 3"],
    );
    const staged = (await stepRowsOf(opened.backend, run.runId)).map((row) => row.item).sort((a, b) => a - b);
    assert.deepEqual(staged, [-1, 0, 2, 4], `seed ${seed}`);
    broken.items = [];
    executed.length = 0;
    const resumed = await opened.engine.resume(run.runId, graph);
    await scheduler.drive(resumed.settled());
    assert.deepEqual(executed, [1, 3]);
    assert.deepEqual(await resumed.result(), {
      ...{ log: ["item 0", "item 1", "item 2", "item 3", "item 4", "after"], count: 0, seen: {} },
    });
    points.current = undefined;
    assert.equal((await opened.engine.replay(run.runId, graph)).matches, true);
  }
});

test("after a failure its scope starts nothing new, whether what waits is in the queue or blocked before it", async () => {
  for (const queueDepth of [1, 2, 10]) {
    const executed: number[] = [];
    const graph = fanOut(new Points(), { items: [0] }, executed);
    await using opened = openEngine({ limits: { maxConcurrent: 1, queueDepth } });
    await fail(await opened.engine.start(graph, {}), opened.clock);
    assert.deepEqual(executed, [0], `queue depth ${queueDepth}`);
  }
});

test("what gets into the queue in the tick in which its scope fails is not started either", async () => {
  const executed: number[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const graph = workflow("same-tick", { version: "1", state })
    .start("begin", () => ({}))
    .map("each", { after: "begin", over: () => [0, 1, 2, 3, 4] }, async (item) => {
      executed.push(item);
      if (item < 2) await gate;
      if (item === 1) throw new Error("fails");
    })
    .end("each");
  await using opened = openEngine({ limits: { maxConcurrent: 2, queueDepth: 1 } });
  const run = await opened.engine.start(graph, {});
  await turns();
  open();
  await fail(run, opened.clock);
  assert.deepEqual(executed, [0, 1, 2]);
});

test("a step that waits for its next attempt is given up when a sibling fails for good", async () => {
  const tries: string[] = [];
  const graph = workflow("partial", { version: "1", state })
    .start("begin", () => ({}))
    .node(
      "waits",
      { after: "begin" },
      (): { count: number } => {
        tries.push("waits");
        throw new Error("again later");
      },
      { retry: { attemptsMax: 5, backoffMs: 60_000, ...always } },
    )
    .node("fails", { after: "begin" }, () => {
      tries.push("fails");
      throw new Error("for good");
    })
    .end("waits", "fails");
  await using opened = openEngine();
  const { failure } = await fail(await opened.engine.start(graph, {}), opened.clock);
  assert.match(failure.message, /fails failed: for good/);
  assert.deepEqual(tries, ["waits", "fails"]);
});

test("each resume of a failed run gives fresh attempts", async () => {
  const numbers: number[] = [];
  const graph = workflow("rounds", { version: "1", state })
    .start(
      "flaky",
      (_state, ctx) => {
        numbers.push(ctx.attempt);
        if (numbers.length < 6) throw new Error("again");
        return { log: ["done"] };
      },
      { retry: { attemptsMax: 2, backoffMs: 5, ...always } },
    )
    .end("flaky");
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  await fail(run, opened.clock);
  await fail(await opened.engine.resume(run.runId, graph), opened.clock);
  assert.equal(numbers.length, 4, "two attempts per round");
  const last = await opened.engine.resume(run.runId, graph);
  assert.deepEqual((await succeed(last, opened.clock)).log, ["done"]);
  const attempts = await attemptsOf(opened.backend, run.runId);
  assert.deepEqual(
    attempts.map((row) => row.round),
    [0, 0, 1, 1, 2],
  );
});

test("a failure inside a nested workflow fails its scopes up to the root, unless a node on the way recovers", async () => {
  const inner = workflow("inner", { version: "1", state })
    .start("deep", () => {
      throw new RangeError("deep down");
    })
    .end("deep");
  const middle = workflow("middle", { version: "1", state })
    .start("nest", nested(inner, { input: () => ({}), output: () => ({}) }))
    .end("nest");
  const mapping = { input: () => ({}), output: () => ({ log: ["succeeded"] }) };
  const failed = workflow("outer", { version: "1", state })
    .start("nest", nested(middle, mapping))
    .end("nest");
  await using opened = openEngine();
  const { failure } = await fail(await opened.engine.start(failed, {}), opened.clock);
  assert.match(failure.message, /deep down/);
  const recover = (found: Failure): { log: string[] } => ({ log: [found.message] });
  const recovered = workflow("outer", { version: "1", state })
    .start("nest", nested(middle, mapping), { recover })
    .node("after", { after: "nest" }, () => ({ log: ["after"] }))
    .end("after");
  const { log } = await succeed(await opened.engine.start(recovered, {}), opened.clock);
  assert.match(log[0] ?? "", /0\.nest\/0\.nest\/0\.deep failed: deep down/);
  assert.equal(log[1], "after");
});

test("what a node throws is kept as a failure, whatever it is", async () => {
  for (const [thrown, message] of [
    ["text", "text"],
    [undefined, "undefined"],
    [{ a: 1 }, '{"a":1}'],
  ] as const) {
    const graph = workflow("odd", { version: "1", state })
      .start("fails", () => Promise.reject(thrown))
      .end("fails");
    await using opened = openEngine();
    const { failure } = await fail(await opened.engine.start(graph as unknown as Workflow, {}), opened.clock);
    assert.equal(failure.message, `0.fails failed: ${message}`);
  }
});
