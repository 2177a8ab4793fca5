import { append, flow, type NodeContext, nested, value, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

const again = { retry: { attemptsMax: 2, backoffMs: 5, retryIf: () => true } };

/** Books something, which `undo` of the same name takes back. */
async function book(outside: Outside, ctx: NodeContext, what: string): Promise<string> {
  begin(outside, ctx);
  return String(await act(outside, ctx, `book ${what}`, what));
}

async function undo(outside: Outside, ctx: NodeContext, what: string, booked: unknown): Promise<void> {
  begin(outside, ctx);
  await act(outside, ctx, `undo ${what}`, String(booked));
}

function graph(outside: Outside): CorpusCase {
  const inner = workflow("inner", { version: "1", state: { room: value("") } })
    .start("room", async (_state, ctx) => ({ room: await book(outside, ctx, "room") }), {
      compensate: ({ room }, ctx) => undo(outside, ctx, "room", room),
    })
    .end("room");
  const built = workflow("trip", { version: "1", state: { booked: append<string>() } })
    .start("flight", async (_state, ctx) => ({ booked: [await book(outside, ctx, "flight")] }), {
      compensate: async ({ booked = [] }, ctx) => {
        await undo(outside, ctx, "flight", booked[0]);
        await act(outside, ctx, "undo ticket", booked[0] ?? null);
      },
    })
    .node(
      "hotel",
      { after: "flight" },
      nested(inner, { input: () => ({}), output: ({ room }) => ({ booked: [room] }) }),
    )
    .map(
      "seats",
      { after: "hotel", over: () => ["a", "b"], concurrency: 1 },
      async (seat, ctx) => ({ booked: [await book(outside, ctx, seat)] }),
      {
        ...again,
        compensate: async (delta, ctx, seat) => {
          await undo(outside, ctx, seat, delta.booked?.[0]);
          if (ctx.attempt < 2) throw new Error("not yet");
        },
      },
    )
    .node("car", { after: "seats" }, async (_state, ctx) => {
      await book(outside, ctx, "car");
      throw new Error("no car");
    })
    .end("car");
  const undone = ["undo b", "undo a", "undo room", "undo flight", "undo ticket"];
  return { name: "saga", workflow: built, input: {}, ends: "failed", undone };
}

function calls(outside: Outside): CorpusCase {
  const inner = flow("inner", { version: "1" }, (_input: null, ctx) =>
    ctx.step("room", null, (_null, step) => book(outside, step, "room"), {
      compensate: (room, step) => undo(outside, step, "room", room),
    }),
  );
  const last = flow("last", { version: "1" }, async (flight: string, ctx) => {
    await ctx.step("guide", flight, (_flight, step) => book(outside, step, "guide"), {
      compensate: (booked, step) => undo(outside, step, "guide", booked),
    });
    await ctx.sleep("look", 10);
    throw new Error(`no car after ${flight}`);
  });
  // The bodies of flows are executed again to find what is to be undone: only steps tell that they begin.
  const built = flow("trip", { version: "1" }, async ({ word }: { word: string }, ctx) => {
    const flight = await ctx.step("flight", word, (_word, step) => book(outside, step, "flight"), {
      compensate: async (booked, step) => {
        begin(outside, step);
        const reason = await step.waitFor<string>("refund");
        await step.sleep("think", 10);
        await act(outside, step, "undo flight", `${booked} ${reason}`);
      },
    });
    await ctx.run(inner, null);
    // What a nested flow has completed before it fails is undone, too.
    await ctx.run(last, flight);
  });
  return {
    name: "saga-flow",
    workflow: built,
    input: { word: "trip" },
    signals: [{ key: "refund", value: "rain" }],
    ends: "failed",
    undone: ["undo guide", "undo room", "undo flight"],
  };
}

/** Two bookings, of which the later cannot be undone at first; then it waits for what never comes. */
function stubborn(outside: Outside, isMended: boolean) {
  return workflow("stubborn", {
    version: "1",
    state: { booked: append<string>() },
    compensation: { onCancel: true },
  })
    .start("first", async (_state, ctx) => ({ booked: [await book(outside, ctx, "first")] }), {
      compensate: ({ booked = [] }, ctx) => undo(outside, ctx, "first", booked[0]),
    })
    .node(
      "second",
      { after: "first" },
      async (_state, ctx) => ({ booked: [await book(outside, ctx, "second")] }),
      {
        compensate: async ({ booked = [] }, ctx) => {
          begin(outside, ctx);
          await act(outside, ctx, "ask second", booked[0] ?? null);
          if (!isMended) throw new Error("no answer");
          await act(outside, ctx, "undo second", booked[0] ?? null);
        },
      },
    )
    .node("last", { after: "second" }, async (_state, ctx) => {
      begin(outside, ctx);
      await act(outside, ctx, "look", "around");
      return { booked: [await ctx.waitFor<string>("what never comes")] };
    })
    .end("last");
}

function cancelled(outside: Outside): CorpusCase {
  const [built, mended] = [stubborn(outside, false), stubborn(outside, true)];
  const undone = ["undo first", "undo second"];
  const made = { workflow: built, mended, input: {}, undone };
  return { name: "saga-cancelled", ...made, ends: "cancelled", isCancelled: true };
}

/** Runs that end otherwise than by success, and are undone: in graphs and flows, with waits, in a second try, by request. */
export const sagaCases = [graph, calls, cancelled];
