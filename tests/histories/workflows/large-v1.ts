import { value, workflow } from "agentflow";

/** Values of more than 4,096 characters, which are kept by their hash: input, delta, result of a call, state. */
export const recorded = workflow("large", {
  version: "1",
  state: { text: value<string>(), other: value("") },
})
  .start("fetch", async ({ text }, ctx) => {
    const page = await ctx.io("page", text, async (given) => given.split(" ").reverse().join(" "));
    return { other: page, text: text.toUpperCase() };
  })
  .map("part", { after: "fetch", over: ({ text }) => [text, text.slice(5)] }, (part) =>
    part.length > 4_499 ? { other: part.toLowerCase() } : {},
  )
  .node("shut", { after: "part" }, ({ other }) => ({ text: other.slice(0, 10) }))
  .end("shut");

export const input = { text: "word ".repeat(900) };
