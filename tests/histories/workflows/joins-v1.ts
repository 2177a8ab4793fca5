import { append, workflow } from "agentflow";

const says = (word: string) => async () => ({ said: [word] });

/** A join over ways of different lengths, and one that fires when some of its predecessors can no longer come. */
export const recorded = workflow("joins", { version: "1", state: { said: append<string>() } })
  .start("open", says("open"))
  .node("left", { after: "open" }, says("left"))
  .node("right", { after: "open" }, says("right"))
  .node("deeper", { after: "right" }, says("deeper"))
  .node("both", { after: ["left", "deeper"] }, says("both"))
  .node("maybe", {}, says("maybe"))
  .node("never", {}, says("never"))
  .route("both", { to: ["maybe", "never"] }, () => "maybe")
  .node("some", { after: ["maybe", "never"], join: { when: "settled" } }, says("some"))
  .end("some");
