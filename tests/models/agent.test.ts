import assert from "node:assert/strict";
import { test } from "node:test";
import { type JsonObject, value, workflow } from "@agentflow/core";
import { agent, type MockReply, mockProvider } from "@agentflow/models";
import { createEngine, createModelGateway } from "@agentflow/runtime";
import { z } from "zod";

const city = { type: "object", properties: { city: { type: "string" } } } satisfies JsonObject;
const verdict = z.object({ umbrella: z.boolean() });

function wantsWeather(id: string, input: JsonObject = { city: "Bern" }): MockReply {
  return { toolCalls: [{ id, name: "weather", input }] };
}

/** A workflow of one agent with one tool, and how often the outside was used. */
async function packing(replies: readonly MockReply[], options: { readonly roundsMax?: number } = {}) {
  const model = mockProvider(replies);
  const gateway = await createModelGateway({ providers: [model] }, {});
  const asked: unknown[] = [];
  const flow = workflow("packing", {
    version: "1",
    state: { trip: value("Bern, tomorrow"), umbrella: value(false) },
  })
    .start(
      "decide",
      agent(gateway, {
        ...options,
        model: "mock:m",
        instructions: "Say whether an umbrella is needed.",
        prompt: ({ trip }: { readonly trip: string }) => `Trip: ${trip}`,
        tools: {
          weather: {
            description: "The weather of a city.",
            input: city,
            check: z.object({ city: z.string() }),
            run: (input) => {
              asked.push(input);
              if ((input as { city: string }).city === "Nowhere") throw new Error("no such city");
              return { sky: "rain" };
            },
          },
        },
        output: { schema: { type: "object", properties: { umbrella: { type: "boolean" } } } },
        check: verdict,
        result: ({ umbrella }) => ({ umbrella }),
      }),
    )
    .end("decide");
  return { model, asked, flow };
}

test("an agent uses its tools, gives a checked value, and its replay calls neither model nor tool", async () => {
  const { model, asked, flow } = await packing([wantsWeather("1"), '{"umbrella":true}']);
  await using engine = await createEngine({ store: "memory:" });
  const run = await engine.start(flow, {});
  assert.equal((await run.result()).umbrella, true);
  assert.deepEqual(asked, [{ city: "Bern" }]);
  const [, second] = model.requests;
  assert.deepEqual(second?.messages.at(-1), {
    role: "tool",
    id: "1",
    name: "weather",
    result: { sky: "rain" },
  });
  const replay = await engine.replay(run.runId, flow, { strict: true });
  assert.ok(replay.matches, JSON.stringify(replay));
  assert.deepEqual([model.requests.length, asked.length], [2, 1]);
});

test("a tool that fails, that does not exist, or is given nonsense is told to the model, which goes on", async () => {
  const { model, flow } = await packing([
    wantsWeather("1", { city: "Nowhere" }),
    { toolCalls: [{ id: "2", name: "forecast", input: {} }] },
    wantsWeather("3", { town: "Bern" }),
    '{"umbrella":false}',
  ]);
  await using engine = await createEngine({ store: "memory:" });
  assert.equal((await (await engine.start(flow, {})).result()).umbrella, false);
  const told = model.requests.slice(1).map(({ messages }) => JSON.stringify(messages.at(-1)));
  assert.match(told[0] ?? "", /no such city/);
  assert.match(told[1] ?? "", /There is no tool forecast/);
  assert.match(told[2] ?? "", /error/);
});

test("an answer that does not fit is repaired, a bounded number of times", async () => {
  const mended = await packing(["yes", '{"umbrella":"yes"}', '{"umbrella":true}']);
  await using engine = await createEngine({ store: "memory:" });
  assert.equal((await (await engine.start(mended.flow, {})).result()).umbrella, true);
  const stubborn = await packing(["yes", "yes", "yes", "yes"]);
  const run = await engine.start(stubborn.flow, {});
  await assert.rejects(run.result(), /not what was asked for/);
  assert.equal(stubborn.model.requests.length, 3);
});

test("an agent that never comes to an answer ends after its rounds", async () => {
  const { model, flow } = await packing(
    Array.from({ length: 9 }, (_, nth) => wantsWeather(String(nth))),
    { roundsMax: 4 },
  );
  await using engine = await createEngine({ store: "memory:" });
  await assert.rejects((await engine.start(flow, {})).result(), /no answer after 4 rounds/);
  assert.equal(model.requests.length, 4);
});
