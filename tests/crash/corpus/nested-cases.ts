import { append, nested, sum, value, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

function leaf(outside: Outside) {
  return workflow("leaf", { version: "1", state: { word: value<string>(), heard: append<string>() } })
    .start("ask", async ({ word }, ctx) => {
      begin(outside, ctx);
      return { heard: [String(await act(outside, ctx, "ask", word))] };
    })
    .node("note", { after: "ask" }, async ({ word, heard }, ctx) => {
      begin(outside, ctx);
      await ctx.safeWrite(`notes/${word}.txt`, heard.join("\n"));
      return { heard: ["noted"] };
    })
    .end("note");
}

function branch(outside: Outside) {
  return workflow("branch", {
    version: "1",
    state: { word: value<string>(), turns: sum(), out: append<string>() },
  })
    .start("turn", (_state, ctx) => {
      begin(outside, ctx);
      return { turns: 1 };
    })
    .node(
      "leaf",
      {},
      nested(leaf(outside), {
        input: ({ word, turns }: { readonly word: string; readonly turns: number }) => ({
          word: `${word}${turns}`,
        }),
        output: ({ heard }) => ({ out: [...heard] }),
      }),
    )
    .route("turn", { to: ["turn", "leaf"] }, ({ turns }) => (turns < 2 ? "turn" : "leaf"))
    .end("leaf");
}

function nestedOnce(outside: Outside): CorpusCase {
  const built = workflow("nested", { version: "1", state: { word: value<string>(), out: append<string>() } })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return { out: ["open"] };
    })
    .node(
      "inside",
      { after: "open" },
      nested(leaf(outside), {
        input: ({ word }: { readonly word: string }) => ({ word }),
        output: ({ heard }) => ({ out: [...heard] }),
      }),
    )
    .node("beside", { after: "open" }, async ({ word }, ctx) => {
      begin(outside, ctx);
      return { out: [String(await act(outside, ctx, "beside", word))] };
    })
    .node("shut", { after: ["inside", "beside"] }, (_state, ctx) => {
      begin(outside, ctx);
      return { out: ["shut"] };
    })
    .end("shut");
  return { name: "nested", workflow: built, input: { word: "tea" } };
}

function nestedDeep(outside: Outside): CorpusCase {
  const built = workflow("nested-deep", {
    version: "1",
    state: { words: value<string[]>(), out: append<string>() },
    limits: { maxConcurrent: 1 },
  })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .map(
      "each",
      { after: "open", over: (state) => state.words },
      nested(branch(outside), {
        input: (word: string) => ({ word }),
        output: ({ out }) => ({ out: [...out] }),
      }),
    )
    .node("shut", { after: "each" }, async ({ out }, ctx) => {
      begin(outside, ctx);
      return { out: [String(await act(outside, ctx, "count", out.length))] };
    })
    .end("shut");
  return { name: "nested-deep", workflow: built, input: { words: ["x", "y"] } };
}

/** Workflows in workflows: one, a map of them, two levels. */
export const nestedCases = [nestedOnce, nestedDeep];
