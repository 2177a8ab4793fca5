import { merge, value, workflow } from "agentflow";

/** Two steps write one field, and one key: the later in order-key order counts. */
export const recorded = workflow("last-writer-wins", {
  version: "1",
  state: { winner: value("nobody"), facts: merge<number>() },
  conflict: "lastWriterWins",
})
  .start("open", () => ({}))
  .node("one", { after: "open" }, () => ({ winner: "one", facts: { a: 1, b: 1 } }))
  .node("two", { after: "open" }, () => ({ winner: "two", facts: { b: 2, c: 2 } }))
  .node("shut", { after: ["one", "two"] }, ({ winner }) => ({ winner: `${winner}!` }))
  .end("shut");
