import { append, goto, sum, workflow } from "agentflow";

/** Routes, gotos to one node and to several, cycles, and the seeded sources of chance. */
export const recorded = workflow("ways", { version: "1", state: { turns: sum(), said: append<string>() } })
  .start("turn", (_state, ctx) => ({
    turns: 1,
    said: [`${ctx.rng.integer(1, 100)} ${ctx.rng.next()} ${ctx.uuid()}`],
  }))
  .node("review", { goto: ["turn", "polish", "print"] }, ({ turns }) =>
    turns < 4 ? goto("turn", { said: ["again"] }) : goto(["polish", "print"], { said: ["good"] }),
  )
  .node("polish", {}, () => ({ said: ["polished"] }))
  .node("print", {}, (_state, ctx) => ({ said: [`printed ${ctx.rng.integer(1, 6)}`] }))
  .node("both", { after: "polish" }, () => ({ said: ["both"] }))
  .node("unused", { after: "review" }, () => ({}))
  .route("turn", { to: ["turn", "review"] }, ({ turns }) => (turns % 2 === 1 ? "turn" : "review"))
  .route("print", { to: ["both", "unused"] }, () => "both")
  .end("both", "unused");
