import { value, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const clash = (conflict: "fail" | "lastWriterWins") =>
  workflow("conflict-settled", { version: "1", state: { winner: value("nobody") }, conflict })
    .start("open", () => ({}))
    .node("one", { after: "open" }, () => ({ winner: "one" }))
    .node("two", { after: "open" }, () => ({ winner: "two" }))
    .node("shut", { after: ["one", "two"] }, ({ winner }) => ({ winner: `${winner}!` }))
    .end("shut");

/** A superstep that could not be sealed, and is sealed by a workflow with another policy. */
export const recorded = clash("lastWriterWins");

export const story: Story = async (stage) => {
  await (await stage.start(clash("fail"))).settled();
  await (await stage.goOn(recorded, { allowVersionMismatch: true })).settled();
};
