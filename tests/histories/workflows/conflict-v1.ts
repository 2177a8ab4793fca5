import { value, workflow } from "agentflow";

/** Two steps write one field, which fails the superstep. */
export const recorded = workflow("conflict", { version: "1", state: { winner: value("nobody") } })
  .start("open", () => ({}))
  .node("one", { after: "open" }, () => ({ winner: "one" }))
  .node("two", { after: "open" }, () => ({ winner: "two" }))
  .node("shut", { after: ["one", "two"] }, () => ({}))
  .end("shut");
