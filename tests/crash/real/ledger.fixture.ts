// A run that writes one row of its own per step in the run store's database, until it is killed or has succeeded.
//
//   node ledger.fixture.ts '{"folder": "...", "turns": 400}'
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { sum, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openSqlite } from "@agentflow/store";

const { folder, turns } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly folder: string;
  readonly turns: number;
};

const ledger = workflow("ledger", { version: "1", state: { turn: sum(), rows: sum() } })
  .start("enter", async ({ turn }, ctx) => {
    const rows = await ctx.tx("enter", turn, async (sql, given) => {
      await sql.run("CREATE TABLE IF NOT EXISTS ledger (turn INTEGER)");
      const { changes } = await sql.run("INSERT INTO ledger (turn) VALUES (?)", [given]);
      return changes;
    });
    return { turn: 1, rows };
  })
  .node("shut", {}, () => ({}))
  .route("enter", { to: ["enter", "shut"] }, (state) => (state.turn < turns ? "enter" : "shut"))
  .end("shut");

const backend = await openSqlite({ path: join(folder, "agentflow.db") });
const engine = await createEngine({ store: backend, recoveriesMax: 1_000_000 });
const input = createInterface({ input: process.stdin });
const told = once(input, "line");
console.log("ready");
await told;
input.close();
const head = await backend.runs.readHead("default", "run");
const run =
  head === undefined ? await engine.start(ledger, {}, { id: "run" }) : await engine.resume("run", ledger);
console.log(JSON.stringify(await run.result()));
await engine.close();
await backend.runs.close();
