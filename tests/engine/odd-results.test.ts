import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentFlowError, value, workflow } from "@agentflow/core";
import { assertReplays, testRun } from "@agentflow/testkit";

class Result {
  x = 1;
  get y(): number {
    return 2;
  }
}

const hostile = (trap: string): object =>
  new Proxy(
    {},
    {
      get: (_target, name) => {
        if (name === trap || typeof name === "symbol") throw new Error("trapped");
        return undefined;
      },
      ownKeys: () => {
        throw new Error("trapped");
      },
    },
  );

const odd: Readonly<Record<string, () => unknown>> = {
  "an object whose `then` throws": () => ({
    // biome-ignore lint/suspicious/noThenProperty: what a node may return by mistake
    get then(): never {
      throw new Error("no then");
    },
  }),
  "a proxy that throws": () => hostile("then"),
  "a proxy that throws, later": async () => hostile("none"),
  "a thenable that throws": () => ({
    // biome-ignore lint/suspicious/noThenProperty: what a node may return by mistake
    then: () => {
      throw new Error("no");
    },
  }),
  "an instance of a class": () => new Result(),
  "a Map": () => new Map([["x", 1]]),
  "a Date": () => new Date(0),
  "an Error": () => new Error("returned, not thrown"),
  "a list": () => [1],
  "a promise in a field": () => ({ x: Promise.resolve(1) }),
  "a getter in a value": () => ({
    x: {
      get y(): number {
        return 1;
      },
    },
  }),
  "a function": () => () => 1,
};

for (const [what, make] of Object.entries(odd)) {
  test(`a node that returns ${what} fails its step`, async () => {
    const flow = workflow("flow", { version: "1", state: { x: value<unknown>(0) } })
      .start("odd", make as () => { x: unknown })
      .end("odd");
    const { error } = await testRun(flow, {});
    assert.ok(error instanceof AgentFlowError);
    assert.match(error.message, /0\.odd/);
  });
}

test("a thenable that settles twice ends its step once", async () => {
  const twice = {
    // biome-ignore lint/suspicious/noThenProperty: what a node may return by mistake
    then: (resolve: (delta: object) => void): void => {
      resolve({ x: 1 });
      resolve({ x: 2 });
    },
  };
  const flow = workflow("flow", { version: "1", state: { x: value(0) } })
    .start("twice", (() => twice) as unknown as () => { x: number })
    .end("twice");
  assert.deepEqual((await testRun(flow, {})).result, { x: 1 });
});

test("a retry predicate that throws fails the step and names both errors", async () => {
  const flow = workflow("flow", { version: "1", state: { x: value(0) } })
    .start(
      "bad",
      async (): Promise<{ x: number }> => {
        throw new Error("the node's own");
      },
      {
        retry: {
          attemptsMax: 3,
          retryIf: () => {
            throw new Error("the predicate's");
          },
        },
      },
    )
    .end("bad");
  const { failure } = await testRun(flow, {});
  assert.match(JSON.stringify(failure), /the predicate's/);
  assert.match(JSON.stringify(failure), /the node's own/);
});

test("a retry predicate of an outside call that throws ends the call, and the record says so", async () => {
  const flow = workflow("flow", { version: "1", state: { x: value("") } })
    .start("bad", async (_state, ctx) => {
      try {
        await ctx.io("call", null, () => Promise.reject(new Error("the call's own")), {
          retry: {
            attemptsMax: 3,
            retryIf: () => {
              throw new Error("the predicate's");
            },
          },
        });
      } catch (error) {
        return { x: String(error) };
      }
      return {};
    })
    .end("bad");
  const run = await testRun(flow, {});
  assert.match(run.result.x, /the predicate's/);
  assert.equal(run.events.filter(({ type }) => type === "io.failed").length, 1);
  await assertReplays(run);
});
