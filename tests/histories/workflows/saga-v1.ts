import { append, flow, nested, workflow } from "agentflow";

const pay = flow("pay", { version: "1" }, (sum: number, ctx) =>
  ctx.step("charge", sum, (given, step) => step.io("charge", given, async (cents) => `charged ${cents}`), {
    compensate: (charged, step) => step.io("refund", charged, async (given) => given),
  }),
);

/** A run that fails after steps of a graph, a map and a flow, which are undone; one compensation fails. */
export const recorded = workflow("saga", { version: "1", state: { done: append<string>() } })
  .start("open", () => ({ done: ["open"] }), {
    compensate: async ({ done = [] }, ctx) => ctx.io("close", [...done], async (given) => given),
  })
  .map(
    "hold",
    { after: "open", over: () => [1, 2], concurrency: 1 },
    (item) => ({ done: [`held ${item}`] }),
    {
      compensate: (_delta, _ctx, item) => {
        if (item === 1) throw new Error("cannot let go");
      },
    },
  )
  .node("pay", { after: "hold" }, nested(pay, { input: () => 5, output: (paid) => ({ done: [paid] }) }))
  .node("fail", { after: "pay" }, () => {
    throw new Error("broken");
  })
  .end("fail");
