import { append, goto, max, merge, sum, union, value, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

function sequence(outside: Outside): CorpusCase {
  const built = workflow("sequence", {
    version: "1",
    state: { order: value<string>(), facts: merge<string>(), tags: union<string>(), high: max(0) },
  })
    .start("look-up", async ({ order }, ctx) => {
      begin(outside, ctx);
      const price = await act(outside, ctx, "price", order);
      const stock = await act(outside, ctx, "stock", { order, price });
      return { facts: { price: String(price), stock: String(stock) }, tags: ["seen"] };
    })
    .node("think", { after: "look-up" }, (_state, ctx) => {
      begin(outside, ctx);
      return { tags: ["seen", "thought"], high: 3 };
    })
    .node("pay", { after: "think" }, async ({ facts }, ctx) => {
      begin(outside, ctx);
      return { facts: { receipt: String(await act(outside, ctx, "pay", facts["price"] ?? null)) } };
    })
    .end("pay");
  return { name: "sequence", workflow: built, input: { order: "tea" } };
}

function loop(outside: Outside): CorpusCase {
  const built = workflow("loop", {
    version: "1",
    state: { round: sum(), ids: append<string>(), draws: append<number>() },
  })
    .start("turn", async (_state, ctx) => {
      begin(outside, ctx);
      const drawn = await act(outside, ctx, "spin", ctx.rng.integer(1, 1_000));
      return { round: 1, ids: [ctx.uuid(), String(drawn)], draws: [ctx.rng.next()] };
    })
    .node("done", {}, (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .route("turn", { to: ["turn", "done"] }, ({ round }) => (round < 3 ? "turn" : "done"))
    .end("done");
  return { name: "loop", workflow: built, input: {} };
}

function clock(outside: Outside): CorpusCase {
  const built = workflow("clock", { version: "1", state: { times: append<number>() } })
    .start("read", async (_state, ctx) => {
      begin(outside, ctx);
      const before = ctx.now();
      await act(outside, ctx, "tell the time", before);
      return { times: [before, ctx.now()] };
    })
    .node("read-again", { after: "read" }, (_state, ctx) => {
      begin(outside, ctx);
      return { times: [ctx.now()] };
    })
    .end("read-again");
  return { name: "clock", workflow: built, input: {}, readsClock: true };
}

function jump(outside: Outside): CorpusCase {
  const built = workflow("jump", { version: "1", state: { tries: sum(), said: append<string>() } })
    .start("draft", (_state, ctx) => {
      begin(outside, ctx);
      return { tries: 1, said: ["draft"] };
    })
    .node("review", { after: "draft", goto: ["draft", "polish"] }, async ({ tries }, ctx) => {
      begin(outside, ctx);
      const word = await act(outside, ctx, "review", tries);
      return tries < 2 ? goto("draft", { said: [String(word)] }) : goto(["polish"], { said: ["good"] });
    })
    .node("polish", {}, (_state, ctx) => {
      begin(outside, ctx);
      return { said: ["polished"] };
    })
    .node("unused", { after: "review" }, () => ({}))
    .end("polish", "unused");
  return { name: "jump", workflow: built, input: {} };
}

function joins(outside: Outside): CorpusCase {
  const step = (said: string) => async (_state: object, ctx: Parameters<typeof begin>[1]) => {
    begin(outside, ctx);
    return { said: [String(await act(outside, ctx, said, said))] };
  };
  const built = workflow("joins", { version: "1", state: { said: append<string>() } })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return { said: ["open"] };
    })
    .node("left", { after: "open" }, step("left"))
    .node("right", { after: "open" }, step("right"))
    .node("deeper", { after: "right" }, step("deeper"))
    .node("both", { after: ["left", "deeper"] }, step("both"))
    .node("maybe", {}, step("maybe"))
    .node("never", {}, step("never"))
    .route("both", { to: ["maybe", "never"] }, () => "maybe")
    .node("some", { after: ["maybe", "never"], join: { when: "settled" } }, step("some"))
    .end("some");
  return { name: "joins", workflow: built, input: {} };
}

function fanOut(outside: Outside): CorpusCase {
  const built = workflow("fan-out", {
    version: "1",
    state: { words: value<string[]>(), none: value<string[]>([]), total: sum(), seen: append<string>() },
    limits: { maxConcurrent: 3 },
  })
    .start("split", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .map("read", { after: "split", over: (state) => state.words, concurrency: 2 }, async (word, ctx) => {
      begin(outside, ctx);
      const pair = await Promise.all([
        act(outside, ctx, "length", word),
        act(outside, ctx, "colour", word),
        act(outside, ctx, "length", word),
      ]);
      return { total: word.length, seen: pair.map(String) };
    })
    .map("nothing", { after: "read", over: (state) => state.none }, async (word, ctx) => {
      begin(outside, ctx);
      return { seen: [word] };
    })
    .node("sum-up", { after: "nothing" }, async ({ total }, ctx) => {
      begin(outside, ctx);
      return { seen: [String(await act(outside, ctx, "publish", total))] };
    })
    .end("sum-up");
  return { name: "fan-out", workflow: built, input: { words: ["a", "bb", "ccc", "a"] } };
}

/** Ways between nodes: sequence, loop, goto, joins, fan-out. */
export const flowCases = [sequence, loop, clock, jump, joins, fanOut];
