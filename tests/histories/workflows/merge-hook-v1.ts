import { merge, value, workflow } from "agentflow";

/** Two steps write one field, and one key: a function settles it. */
export const recorded = workflow("merge-hook", {
  version: "1",
  state: { names: value<string[]>(["first"]), facts: merge<number>() },
  conflict: {
    id: "all@1",
    merge: ({ key, before, writes }) =>
      key === undefined
        ? [...(before as string[]), ...writes.flatMap((write) => write.value as string[])]
        : writes.reduce((total, write) => total + (write.value as number), 0),
  },
})
  .start("open", () => ({}))
  .node("one", { after: "open" }, () => ({ names: ["one"], facts: { a: 1, b: 1 } }))
  .node("two", { after: "open" }, () => ({ names: ["two"], facts: { b: 2 } }))
  .node("shut", { after: ["one", "two"] }, ({ names }) => ({ names: [...names, "shut"] }))
  .end("shut");
