import { append, value, workflow } from "agentflow";

/** Effects in the store's own transaction, in sequence and side by side. */
export const recorded = workflow("ledger", {
  version: "1",
  state: { entries: append<string>(), count: value(0) },
})
  .start("open", async (_state, ctx) => {
    await ctx.tx("create", null, async (sql) => {
      await sql.run("CREATE TABLE ledger (entry TEXT)");
      return null;
    });
    return { entries: ["open"] };
  })
  .map("enter", { after: "open", over: () => ["rent", "wages"] }, async (entry, ctx) => {
    const told = await ctx.io("tell", entry, async (given) => `told ${given}`, { effect: true });
    const { changes } = await ctx.tx("enter", entry, (sql, given) =>
      sql.run("INSERT INTO ledger (entry) VALUES (?)", [given]),
    );
    return { entries: [`${told} ${changes}`] };
  })
  .node("count", { after: "enter" }, async (_state, ctx) => ({
    count: await ctx.tx("count", null, async (sql) => {
      const [row] = await sql.all("SELECT COUNT(*) AS entries FROM ledger");
      return Number(row?.["entries"]);
    }),
  }))
  .end("count");
