import { append, sum, value, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

function artifacts(outside: Outside): CorpusCase {
  const built = workflow("artifacts", { version: "1", state: { wrote: append<string>() } })
    .start("draft", async (_state, ctx) => {
      begin(outside, ctx);
      const { reason } = await ctx.safeWrite("report.md", "draft");
      return { wrote: [reason] };
    })
    .node("again", { after: "draft" }, async (_state, ctx) => {
      begin(outside, ctx);
      const same = await ctx.safeWrite("report.md", "draft");
      const word = await act(outside, ctx, "word", "final");
      const changed = await ctx.safeWrite("report.md", String(word));
      return { wrote: [same.reason, changed.reason] };
    })
    .end("again");
  return { name: "artifacts", workflow: built, input: {} };
}

function large(outside: Outside): CorpusCase {
  const built = workflow("large", { version: "1", state: { text: value<string>(), other: value("") } })
    .start("fetch", async ({ text }, ctx) => {
      begin(outside, ctx);
      const answer = await act(outside, ctx, "fetch", text.slice(0, 10));
      const page = await act(outside, ctx, "page", text);
      return { other: `${String(answer)} ${String(page)}`, text: text.toUpperCase() };
    })
    .map("part", { after: "fetch", over: ({ text }) => [text, text.slice(5)] }, (part, ctx) => {
      begin(outside, ctx);
      return part.length > 9_999 ? { other: part.repeat(2) } : {};
    })
    .node("shut", { after: "part" }, async ({ other }, ctx) => {
      begin(outside, ctx);
      return { text: String(await act(outside, ctx, "shut", other.slice(0, 5_000))) };
    })
    .end("shut");
  return { name: "large", workflow: built, input: { text: "word ".repeat(2_000) } };
}

const fields = ["a", "b", "c", "d", "e", "f", "g", "h", "i"] as const;

function snapshots(outside: Outside): CorpusCase {
  const state = {
    turns: sum(),
    ...(Object.fromEntries(fields.map((field) => [field, value("")])) as Record<
      (typeof fields)[number],
      ReturnType<typeof value<string>>
    >),
  };
  const built = workflow("snapshots", { version: "1", state })
    .start("turn", async ({ turns }, ctx) => {
      begin(outside, ctx);
      const word = await act(outside, ctx, "turn", turns);
      const text = `${String(word)} ${turns} `.repeat(300).slice(0, 4_000);
      return { turns: 1, a: text, b: text, c: text, d: text, e: text, f: text, g: text, h: text, i: text };
    })
    .node("shut", {}, (_state, ctx) => {
      begin(outside, ctx);
      return { turns: 1 };
    })
    .route("turn", { to: ["turn", "shut"] }, ({ turns }) => (turns < 7 ? "turn" : "shut"))
    .end("shut");
  const empty = Object.fromEntries(fields.map((field) => [field, ""]));
  return { name: "snapshots", workflow: built, input: empty };
}

function cached(outside: Outside): CorpusCase {
  const built = workflow("cached", { version: "1", state: { said: append<string>() } })
    .start("ask", async (_state, ctx) => {
      begin(outside, ctx);
      const mine = await act(outside, ctx, "mine", "question", { cache: "run" });
      const shared = await act(outside, ctx, "shared", "question", { cache: "shared" });
      return { said: [String(mine), String(shared)] };
    })
    .node("ask-again", { after: "ask" }, async (_state, ctx) => {
      begin(outside, ctx);
      return { said: [String(await act(outside, ctx, "mine", "question", { cache: "run" }))] };
    })
    .end("ask-again");
  return { name: "cached", workflow: built, input: {} };
}

function ledger(outside: Outside): CorpusCase {
  const create = "CREATE TABLE IF NOT EXISTS ledger (salt TEXT, entry TEXT)";
  const built = workflow("ledger", { version: "1", state: { entries: append<string>(), count: value(0) } })
    .start("open", async (_state, ctx) => {
      begin(outside, ctx);
      await ctx.tx("create", null, async (sql) => {
        await sql.run(create);
        return null;
      });
      return { entries: ["open"] };
    })
    .map("enter", { after: "open", over: () => ["rent", "wages"] }, async (entry, ctx) => {
      begin(outside, ctx);
      const told = await act(outside, ctx, "tell", entry);
      const { changes } = await ctx.tx("enter", entry, async (sql, given) => {
        await sql.all("SELECT COUNT(*) AS entries FROM ledger WHERE salt = ?", [outside.salt]);
        return sql.run("INSERT INTO ledger (salt, entry) VALUES (?, ?)", [outside.salt, given]);
      });
      return { entries: [`${entry} ${changes} ${String(told)}`] };
    })
    .node("count", { after: "enter" }, async (_state, ctx) => {
      begin(outside, ctx);
      const count = await ctx.tx("count", null, async (sql) => {
        const [row] = await sql.all("SELECT COUNT(*) AS entries FROM ledger WHERE salt = ?", [outside.salt]);
        return Number(row?.["entries"]);
      });
      return { count };
    })
    .end("count");
  return { name: "ledger", workflow: built, input: {}, needsTransactions: true };
}

/** What runs keep: artifacts, large values, snapshots, cached results, rows of their own in the store. */
export const dataCases = [artifacts, large, snapshots, cached, ledger];
