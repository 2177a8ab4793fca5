import assert from "node:assert/strict";
import { test } from "node:test";
import {
  flow,
  isWorkflow,
  type NodeContext,
  nested,
  ValidationError,
  VersionMismatchError,
  value,
  workflow,
} from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { fail, settle, succeed } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "../engine/embedded-store.ts";

const double = flow("double", { version: "1" }, async (given: number, ctx) =>
  ctx.step("double", given, (number) => number * 2),
);

test("a flow gives what its body returns, on rows like those of a graph (ENG-53)", async () => {
  await using held = openEngine();
  const sum = flow("sum", { version: "1" }, async ({ numbers }: { numbers: number[] }, ctx) => {
    const doubled = await ctx.map("each", numbers, async (number) => number * 2);
    const [first, second] = await Promise.all([
      ctx.step("first", doubled, (list) => list[0] ?? 0),
      ctx.step("second", doubled, async (list) => list[1] ?? 0),
    ]);
    return first + second + (await ctx.run(double, 10));
  });
  assert.ok(isWorkflow(sum));
  const run = await held.engine.start(sum, { numbers: [1, 2] });
  assert.equal(await succeed(run, held.clock), 26);
  const { steps, state } = await held.engine.inspect(run.runId);
  assert.deepEqual(
    steps.map(({ stepId }) => stepId),
    [
      "0.each[0]",
      "0.each[1]",
      "1.first",
      "2.second",
      "3.double/0.double/0.double",
      "3.double/0.double",
      "3.double",
    ]
      .map((id) => `0.sum/${id}`)
      .concat("0.sum"),
  );
  assert.deepEqual(state, { input: { numbers: [1, 2] }, output: 26 });
  assert.equal(await (await held.engine.resume(run.runId, sum)).result(), 26);
  const replay = await held.engine.replay(run.runId, sum);
  assert.deepEqual(
    { steps: replay.steps, divergence: replay.divergence },
    { steps: 8, divergence: undefined },
  );
});

test("equal calls are told apart by how often they were made, and results are in the order of the items (ENG-53)", async () => {
  await using held = openEngine();
  let count = 0;
  const counting = flow("counting", { version: "1" }, async (_input: unknown, ctx) => {
    const counted = (input: number, step: NodeContext) => step.io("count", input, () => ++count);
    const equal = await Promise.all([1, 1, 2].map((input) => ctx.step("count", input, counted)));
    const delays = [30, 10, 20];
    const delayed = await ctx.map("delay", delays, async (ms, step) => {
      await step.sleep("delay", ms);
      return ms;
    });
    return { equal, delayed };
  });
  const run = await held.engine.start(counting, undefined);
  assert.deepEqual(await succeed(run, held.clock), { equal: [1, 2, 3], delayed: [30, 10, 20] });
  assert.equal((await held.engine.replay(run.runId, counting)).divergence, undefined);
});

for (const name of embeddedStores) {
  test(`${name}: a body is executed again after each wait, and its steps are not (S13)`, async (context) => {
    const [backend, other] = await openProcesses(context, name, 2);
    await using held = openEngine({ backend });
    const executed: string[] = [];
    const waiting = flow("waiting", { version: "1" }, async (word: string, ctx) => {
      executed.push("body");
      const first = await ctx.step("first", word, (given) => {
        executed.push("first");
        return `${given}!`;
      });
      await ctx.sleep("nap", 1_000);
      const time = ctx.now();
      const letter = await ctx.waitFor<string>("letter");
      const second = await ctx.step("second", letter, (given) => {
        executed.push("second");
        return given.length;
      });
      return { first, second, isTime: time === ctx.now() || time > 0, id: ctx.uuid().length };
    });
    const run = await held.engine.start(waiting, "tea");
    assert.equal((await settle(run, held.clock)).status, "waiting");
    await held.engine.close();
    await using next = openEngine({ backend: other, host: { pid: 2 }, clock: held.clock });
    await next.engine.signal(run.runId, "letter", "dear");
    const resumed = await next.engine.resume(run.runId, waiting);
    assert.deepEqual(await succeed(resumed, held.clock), { first: "tea!", second: 4, isTime: true, id: 36 });
    assert.deepEqual(
      executed.filter((what) => what !== "body"),
      ["first", "second"],
    );
    assert.ok(executed.filter((what) => what === "body").length >= 3);
    assert.equal((await next.engine.replay(run.runId, waiting)).divergence, undefined);
  });
}

test("a step that fails rejects its call, which may be caught, and a resume makes it afresh (S9, S11)", async () => {
  await using held = openEngine();
  const attempts: string[] = [];
  let isMended = false;
  const note = (what: string, ctx: NodeContext): void => void attempts.push(`${what} ${ctx.attempt}`);
  const failing = flow("failing", { version: "1" }, async (_input: null, ctx) => {
    const kept = await ctx.step("kept", null, (_null, step) => note("kept", step));
    const caught = await ctx
      .step("caught", null, (_null, step): string => {
        note("caught", step);
        throw new RangeError("too far");
      })
      .catch((error: Error & { code?: string }) => `${error.message} ${error.code}`);
    const recovered = await ctx.step(
      "recovered",
      4,
      (): number => {
        throw new Error("no");
      },
      { recover: ({ message }, input) => message.length + input },
    );
    await ctx.step(
      "last",
      kept,
      (_kept, step) => {
        note("last", step);
        if (!isMended) throw new Error("broken");
      },
      { retry: { attemptsMax: 2, backoffMs: 10, retryIf: () => true } },
    );
    return { caught, recovered };
  });
  const run = await held.engine.start(failing, null);
  const { failure } = await fail(run, held.clock);
  assert.equal(failure.code, "AF_STEP_FAILED");
  assert.match(
    failure.message,
    /^0\.failing failed: 0\.failing\/3\.last failed after 2 of 2 attempts: broken/,
  );
  isMended = true;
  const resumed = await held.engine.resume(run.runId, failing);
  assert.deepEqual(await succeed(resumed, held.clock), {
    caught: "0.failing/1.caught failed: too far AF_STEP_FAILED",
    recovered: 6,
  });
  assert.deepEqual(attempts, ["kept 1", "caught 1", "last 1", "last 2", "caught 2", "last 3"]);
  assert.equal((await held.engine.replay(run.runId, failing)).divergence, undefined);
});

test("of a map that fails nothing new starts, what runs ends and stays, and the first item's failure is told (S11)", async () => {
  await using held = openEngine();
  const begun: number[] = [];
  const mapping = flow("mapping", { version: "1" }, async (_input: null, ctx) => {
    const list = [0, 1, 2, 3, 4];
    const work = async (item: number, step: NodeContext): Promise<number> => {
      begun.push(item);
      await step.io(
        "wait",
        item,
        () => new Promise((resolve) => held.clock.setTimer(10 - item, () => resolve(0))),
      );
      if (begun.length <= 3 && item > 0) throw new Error(`item ${item}`);
      return item;
    };
    return ctx.map("each", list, work, { concurrency: 3 });
  });
  const run = await held.engine.start(mapping, null);
  const { failure } = await fail(run, held.clock);
  assert.match(failure.message, /each\[1\] failed: item 1/);
  assert.deepEqual(begun, [0, 1, 2]);
  assert.deepEqual(await succeed(await held.engine.resume(run.runId, mapping), held.clock), [0, 1, 2, 3, 4]);
  assert.deepEqual(begun.slice(3).sort(), [1, 2, 3, 4]);
});

test("when a body throws, steps that run beside it end first and stay (S11)", async () => {
  await using held = openEngine();
  const ended: string[] = [];
  let isMended = false;
  const beside = flow("beside", { version: "1" }, async (_input: null, ctx) => {
    const slow = ctx.step("slow", null, async (_null, step) => {
      ended.push("begun");
      await step.io("wait", null, () => new Promise((resolve) => held.clock.setTimer(50, () => resolve(1))));
      ended.push("slow");
      return 1;
    });
    if (!isMended) throw new Error("body");
    return slow;
  });
  const run = await held.engine.start(beside, null);
  assert.match((await fail(run, held.clock)).failure.message, /0\.beside failed: body/);
  isMended = true;
  assert.equal(await succeed(await held.engine.resume(run.runId, beside), held.clock), 1);
  assert.deepEqual(ended, ["begun", "slow"]);
});

test("what a flow does not wait for is told to stop when it returns (S12)", async () => {
  await using held = openEngine();
  let isAborted = false;
  const racing = flow("racing", { version: "1" }, async (_input: null, ctx) =>
    Promise.race([
      ctx.step("never", null, (_null, step) => {
        step.signal.addEventListener("abort", () => {
          isAborted = true;
        });
        return new Promise<string>(() => undefined);
      }),
      ctx.step("quick", null, () => "quick"),
    ]),
  );
  const run = await held.engine.start(racing, null);
  assert.equal(await succeed(run, held.clock), "quick");
  assert.ok(isAborted);
  assert.equal((await held.engine.replay(run.runId, racing)).divergence, undefined);
});

test("a replay names the call that a changed body makes, or leaves out (S25)", async () => {
  await using held = openEngine();
  const make = (input: number, isShort = false, result = 1) =>
    flow("changing", { version: "1" }, async (_input: null, ctx) => {
      const first = await ctx.step("first", input, () => result);
      return isShort ? first : first + (await ctx.step("second", first, (given) => given));
    });
  const run = await held.engine.start(make(1), null);
  await succeed(run, held.clock);
  const place = async (changed: ReturnType<typeof make>): Promise<string> => {
    const { divergence } = await held.engine.replay(run.runId, changed);
    return `${divergence?.stepId} ${divergence?.field}`;
  };
  assert.equal(await place(make(1)), "undefined undefined");
  assert.equal(await place(make(2)), '0.changing/0.first call "first"');
  assert.equal(await place(make(1, false, 3)), "0.changing/0.first delta.result");
  assert.equal(await place(make(1, true)), "0.changing/1.second call");
  await assert.rejects(held.engine.replay(run.runId, make(2), { strict: true }), {
    code: "AF_REPLAY_MISMATCH",
  });
});

test("a flow is a node of a graph, and its steps count against the limits of the run (S14)", async () => {
  await using held = openEngine({ limits: { maxConcurrent: 1 } });
  const outer = workflow("outer", { version: "1", state: { given: value<number>(), got: value(0) } })
    .start(
      "double",
      nested(double, { input: ({ given }: { given: number }) => given, output: (got) => ({ got }) }),
    )
    .end("double");
  assert.deepEqual(await succeed(await held.engine.start(outer, { given: 4 }), held.clock), {
    given: 4,
    got: 8,
  });
  const many = flow("many", { version: "1", limits: { maxSteps: 3 } }, async (_input: null, ctx) =>
    ctx.map("each", [1, 2, 3, 4], (item) => item),
  );
  const { failure } = await fail(await held.engine.start(many, null), held.clock);
  assert.equal(failure.code, "AF_MAX_STEPS");
});

test("wrong arguments are refused with what to do, and lose nothing", async () => {
  await using held = openEngine();
  const wrong = (body: Parameters<typeof flow<unknown, unknown>>[2]) =>
    flow("wrong", { version: "1" }, body as never);
  const failureOf = async (body: Parameters<typeof wrong>[0]): Promise<string> => {
    const { failure } = await fail(await held.engine.start(wrong(body), null), held.clock);
    return `${failure.cause?.code ?? failure.code}: ${failure.message}`;
  };
  assert.match(await failureOf((_input, ctx) => ctx.step("a/b", 1, () => 1)), /AF_NODE_NAME.*"a\/b"/);
  assert.match(
    await failureOf((_input, ctx) =>
      ctx.step(
        "a",
        () => 1,
        () => 1,
      ),
    ),
    /AF_\w+: .*input of step "a"/,
  );
  assert.match(await failureOf((_input, ctx) => ctx.step("a", 1, 5 as never)), /ctx\.step needs a function/);
  assert.match(await failureOf((_input, ctx) => ctx.map("a", 5 as never, () => 1)), /AF_ITEMS_INVALID/);
  assert.match(
    await failureOf((_input, ctx) => ctx.run({} as never, {} as never)),
    /needs a workflow or a flow/,
  );
  assert.match(await failureOf(() => new Date()), /output/);
  assert.throws(() => flow("a b", { version: "" }, undefined as never), { code: "AF_GRAPH" });
  const typed = flow(
    "typed",
    {
      version: "1",
      input: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: (given) =>
            typeof given === "string" ? { value: given } : { issues: [{ message: "give a text" }] },
        },
      },
    },
    async (input: string) => input,
  );
  await assert.rejects(held.engine.start(typed, 5 as never), ValidationError);
  const run = await held.engine.start(typed, "tea");
  assert.equal(await succeed(run, held.clock), "tea");
  const next = flow("typed", { version: "2" }, async (input: string) => input);
  const parked = await held.engine.start(
    flow("parked", { version: "1" }, (_input: null, ctx) => ctx.waitFor("never")),
    null,
  );
  await settle(parked, held.clock);
  await assert.rejects(held.engine.resume(parked.runId, next), VersionMismatchError);
});

for (const name of embeddedStores) {
  test(`${name}: rows of calls that end in another order than they began are read in the order of events (S6)`, async (context) => {
    const [backend] = await openProcesses(context, name, 1);
    await using held = openEngine({ backend });
    const crossing = flow("crossing", { version: "1" }, async (_input: null, ctx) =>
      Promise.all(
        [30, 20, 10].map((delayMs) =>
          ctx.step("wait", delayMs, (ms, step) =>
            step.io("wait", ms, () => new Promise((resolve) => held.clock.setTimer(ms, () => resolve(ms)))),
          ),
        ),
      ),
    );
    const run = await held.engine.start(crossing, null);
    assert.deepEqual(await succeed(run, held.clock), [30, 20, 10]);
    const place = { tenant: "default", runId: run.runId };
    const all = await backend?.runs.readRecords({ ...place, afterEvent: 0, limit: 1_000 });
    const paged: number[] = [];
    for (let afterEvent = 0; ; afterEvent = paged.at(-1) ?? 0) {
      const [next] = (await backend?.runs.readRecords({ ...place, afterEvent, limit: 1 })) ?? [];
      if (next === undefined) break;
      paged.push(next.row.event);
    }
    assert.deepEqual(
      paged,
      all?.map(({ row }) => row.event),
    );
    assert.equal(all?.filter(({ kind }) => kind === "step").length, 4);
  });
}
