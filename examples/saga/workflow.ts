import { append, flow, type NodeContext, value, workflow } from "agentflow";
import type { Agency } from "./agency.ts";

function actionsOf(agency: Agency) {
  const book = (ctx: NodeContext, what: string): Promise<string> =>
    ctx.io("book", what, (given, { idempotencyKey }) => agency.book(given, idempotencyKey), { effect: true });
  const cancel = (ctx: NodeContext, booking: string): Promise<string> =>
    ctx.io("cancel", booking, (given, { idempotencyKey }) => agency.cancel(given, idempotencyKey), {
      effect: true,
    });
  return { book, cancel };
}

/** Books flight, hotel and car as a graph; each node says how its booking is undone. */
export function tripGraph(agency: Agency) {
  const { book, cancel } = actionsOf(agency);
  const undo = {
    compensate: async ({ bookings = [] }: { readonly bookings?: readonly string[] }, ctx: NodeContext) => {
      for (const booking of bookings) await cancel(ctx, booking);
    },
  };
  return workflow("trip", { version: "1", state: { to: value<string>(), bookings: append<string>() } })
    .start("flight", async ({ to }, ctx) => ({ bookings: [await book(ctx, `flight to ${to}`)] }), undo)
    .node(
      "hotel",
      { after: "flight" },
      async ({ to }, ctx) => ({ bookings: [await book(ctx, `hotel in ${to}`)] }),
      undo,
    )
    .node(
      "car",
      { after: "hotel" },
      async ({ to }, ctx) => ({ bookings: [await book(ctx, `car in ${to}`)] }),
      undo,
    )
    .end("car");
}

/** The same as a flow: the calls say it. */
export function tripFlow(agency: Agency) {
  const { book, cancel } = actionsOf(agency);
  const undo = { compensate: (booking: string, ctx: NodeContext) => cancel(ctx, booking) };
  return flow("trip", { version: "1" }, async ({ to }: { to: string }, ctx) => [
    await ctx.step("flight", `flight to ${to}`, (what, step) => book(step, what), undo),
    await ctx.step("hotel", `hotel in ${to}`, (what, step) => book(step, what), undo),
    await ctx.step("car", `car in ${to}`, (what, step) => book(step, what), undo),
  ]);
}
