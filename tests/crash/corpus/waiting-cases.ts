import { append, interrupt, sum, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

const approve = interrupt<{ readonly amount: number }, { readonly ok: boolean }>("approve");
const sign = interrupt<string, string>("sign");

function interrupts(outside: Outside): CorpusCase {
  const built = workflow("interrupts", { version: "1", state: { said: append<string>() } })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .node("ask", { after: "open" }, async (_state, ctx) => {
      begin(outside, ctx);
      const quote = await act(outside, ctx, "quote", 12);
      const { ok } = await ctx.interrupt(approve, { amount: 12 });
      const name = await ctx.interrupt(sign, String(quote));
      return { said: [`${ok} ${name} ${String(await act(outside, ctx, "order", name))}`] };
    })
    .node("beside", { after: "open" }, async (_state, ctx) => {
      begin(outside, ctx);
      return { said: [await ctx.interrupt(sign, "beside")] };
    })
    .node("shut", { after: ["ask", "beside"] }, (_state, ctx) => {
      begin(outside, ctx);
      return { said: ["shut"] };
    })
    .end("shut");
  const answers = { "1.ask#approve[0]": { ok: true }, "1.ask#sign[0]": "Ada", "1.beside#sign[0]": "Bob" };
  return { name: "interrupts", workflow: built, input: {}, answers };
}

function sleeps(outside: Outside): CorpusCase {
  const built = workflow("sleeps", { version: "1", state: { said: append<string>() } })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .node("nap", { after: "open" }, async (_state, ctx) => {
      begin(outside, ctx);
      const before = await act(outside, ctx, "before", "nap");
      await ctx.sleep("nap", 20);
      await ctx.sleep("nap", 10);
      return { said: [String(before), String(await act(outside, ctx, "after", "nap"))] };
    })
    .node("ask", { after: "open" }, async (_state, ctx) => {
      begin(outside, ctx);
      return { said: [await ctx.interrupt(sign, "while others sleep")] };
    })
    .node("shut", { after: ["nap", "ask"] }, (_state, ctx) => {
      begin(outside, ctx);
      return { said: ["shut"] };
    })
    .end("shut");
  return { name: "sleeps", workflow: built, input: {}, answers: { "1.ask#sign[0]": "Cyd" } };
}

function signals(outside: Outside): CorpusCase {
  const built = workflow("signals", { version: "1", state: { turns: sum(), said: append<string>() } })
    .start("next", async (_state, ctx) => {
      begin(outside, ctx);
      const letter = await ctx.waitFor<string>("letter");
      return { turns: 1, said: [letter, String(await act(outside, ctx, "read", letter))] };
    })
    .node("shut", {}, (_state, ctx) => {
      begin(outside, ctx);
      return { said: ["shut"] };
    })
    .route("next", { to: ["next", "shut"] }, ({ turns }) => (turns < 3 ? "next" : "shut"))
    .end("shut");
  const letters = ["first", "second", "third"].map((value) => ({ key: "letter", value }));
  return { name: "signals", workflow: built, input: {}, signals: letters };
}

/** What waits: for people, for time, for events. */
export const waitingCases = [interrupts, sleeps, signals];
