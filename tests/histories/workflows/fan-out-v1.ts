import { append, sum, value, workflow } from "agentflow";

/** A step per item, two at a time, with calls in parallel, equal calls and equal items; a map of nothing. */
export const recorded = workflow("fan-out", {
  version: "1",
  state: { words: value<string[]>(), none: value<string[]>([]), total: sum(), seen: append<string>() },
  limits: { maxConcurrent: 3 },
})
  .start("split", () => ({}))
  .map("read", { after: "split", over: (state) => state.words, concurrency: 2 }, async (word, ctx) => {
    const answers = await Promise.all([
      ctx.io("length", word, async (given) => given.length),
      ctx.io("upper", word, async (given) => given.toUpperCase()),
      ctx.io("length", word, async (given) => given.length + 1),
    ]);
    return { total: word.length, seen: [answers.join(" ")] };
  })
  .map("nothing", { after: "read", over: (state) => state.none }, (word) => ({ seen: [word] }))
  .node("shut", { after: "nothing" }, ({ total }) => ({ seen: [`${total}`] }))
  .end("shut");

export const input = { words: ["a", "bb", "ccc", "a"] };
