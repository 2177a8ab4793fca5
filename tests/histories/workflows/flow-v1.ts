import { append, flow, value, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const inner = flow("inner", { version: "1" }, async (word: string, ctx) => {
  await ctx.sleep("nap", 1);
  return ctx.step("ask", word, (given, step) => step.io("ask", given, async (text) => `${text}!`));
});

const graph = workflow("graph", { version: "1", state: { word: value<string>(), said: append<string>() } })
  .start("say", ({ word }) => ({ said: [word] }))
  .end("say");

/** Every call of a flow: steps beside each other, a map, failures that are caught, waits, a flow and a graph inside. */
export const recorded = flow("flow", { version: "1" }, async ({ words }: { words: string[] }, ctx) => {
  const time = ctx.now();
  const [first, second] = await Promise.all([
    ctx.step("first", words, (given) => given.length),
    ctx.step("second", ctx.uuid().length, (given) => given),
  ]);
  const each = await ctx.map("each", words, (word, step) => step.io("each", word, async (given) => given), {
    concurrency: 1,
  });
  const caught = await ctx
    .step(
      "broken",
      null,
      (): string => {
        throw new Error("broken");
      },
      { retry: { attemptsMax: 2, backoffMs: 1, retryIf: () => true } },
    )
    .catch((error: unknown) => (error as Error).message);
  const inside = await ctx.run(inner, "tea");
  const { said } = await ctx.run(graph, { word: inside });
  const letter = await ctx.waitFor<string>("letter");
  return { first, second, each, caught, said, letter, isLater: time > 0, dice: ctx.rng.integer(1, 6) };
});

export const input = { words: ["a", "b"] };

export const story: Story = async (stage) => {
  await (await stage.start(recorded, input)).settled();
  await stage.engine.signal(stage.runId, "letter", "dear");
  await (await stage.goOn(recorded)).settled();
};
