import { append, nested, sum, value, workflow } from "agentflow";

const leaf = workflow("leaf", { version: "1", state: { letter: value<string>(), heard: append<string>() } })
  .start("ask", async ({ letter }, ctx) => ({
    heard: [await ctx.io("ask", letter, async (given) => `${given}!`)],
  }))
  .node("note", { after: "ask" }, async ({ letter, heard }, ctx) => {
    await ctx.safeWrite(`notes/${letter}.txt`, heard.join("\n"));
    return { heard: [`noted ${ctx.rng.integer(1, 9)}`] };
  })
  .end("note");

const branch = workflow("branch", {
  version: "1",
  state: { word: value<string>(), turns: sum(), out: append<string>() },
})
  .start("turn", () => ({ turns: 1 }))
  .map(
    "leaf",
    { over: ({ word, turns }) => [...word].map((letter) => `${letter}${turns}`) },
    nested(leaf, {
      input: (letter: string) => ({ letter }),
      output: ({ heard }) => ({ out: [...heard] }),
    }),
  )
  .route("turn", { to: ["turn", "leaf"] }, ({ turns }) => (turns < 2 ? "turn" : "leaf"))
  .end("leaf");

/** A map of nested workflows, each of which maps over nested workflows of its own; one slot for all. */
export const recorded = workflow("nested", {
  version: "1",
  state: { words: value<string[]>(), out: append<string>() },
  limits: { maxConcurrent: 1 },
})
  .start("open", () => ({ out: ["open"] }))
  .map(
    "each",
    { after: "open", over: (state) => state.words },
    nested(branch, {
      input: (word: string) => ({ word }),
      output: ({ out }) => ({ out: [...out] }),
    }),
  )
  .node("beside", { after: "open" }, () => ({ out: ["beside"] }))
  .node("shut", { after: ["each", "beside"] }, ({ out }) => ({ out: [`${out.length}`] }))
  .end("shut");

export const input = { words: ["ab", "c"] };
