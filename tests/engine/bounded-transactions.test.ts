import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type NodeContext,
  NodeTimeoutError,
  sum,
  TransactionTimeoutError,
  value,
  workflow,
} from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { fail, turns } from "../determinism/settle.ts";
import { openProcesses } from "./embedded-store.ts";

const never = () => new Promise<null>(() => undefined);

const counting = workflow("counting", { version: "1", state: { count: sum() } })
  .start("one", () => ({ count: 1 }))
  .node("two", { after: "one" }, () => ({ count: 1 }))
  .end("two");

/** A step whose transaction writes a row and then never ends. */
function stuck(policy: { readonly timeoutMs?: number }, options?: { readonly timeoutMs?: number }) {
  const pay = (ctx: NodeContext) =>
    ctx.tx(
      "pay",
      null,
      async (sql) => {
        await sql.run("CREATE TABLE IF NOT EXISTS payments (cents INTEGER)");
        await sql.run("INSERT INTO payments VALUES (5)");
        return never();
      },
      options,
    );
  return workflow("stuck", { version: "1", state: { paid: value(false) } })
    .start(
      "pay",
      async (_state, ctx) => {
        await pay(ctx);
        return { paid: true };
      },
      policy,
    )
    .end("pay");
}

const tables = workflow("tables", { version: "1", state: { found: value<number>(-1) } })
  .start("look", async (_state, ctx) => ({
    found: await ctx.tx("look", null, async (sql) => {
      const rows = await sql.all("SELECT name FROM sqlite_schema WHERE name = 'payments'");
      return rows.length;
    }),
  }))
  .end("look");

for (const [what, graph, waitMs, error] of [
  ["its own timeout", stuck({}, { timeoutMs: 200 }), 200, TransactionTimeoutError],
  ["the usual timeout", stuck({}), 5_000, TransactionTimeoutError],
  ["the timeout of its step", stuck({ timeoutMs: 100 }), 100, NodeTimeoutError],
] as const) {
  test(`sqlite: a ctx.tx that never ends is undone at ${what}, and other runs commit from then on (S12, S26)`, async (context) => {
    const [backend] = await openProcesses(context, "sqlite", 1);
    await using held = openEngine({ backend });
    const run = await held.engine.start(graph, {});
    await turns();
    const other = held.engine.start(counting, {});
    await turns();
    await held.clock.advanceAsync(waitMs);
    const { count } = await (await other).result();
    assert.equal(count, 2);
    const outcome = await fail(run, held.clock);
    assert.ok(outcome.error instanceof error || outcome.error.cause instanceof error, String(outcome.error));
    const look = await held.engine.start(tables, {});
    assert.deepEqual(await look.result(), { found: 0 });
  });
}

test("sqlite: cancelling a run undoes the transaction that it has open", async (context) => {
  const [backend] = await openProcesses(context, "sqlite", 1);
  await using held = openEngine({ backend });
  const run = await held.engine.start(stuck({}), {});
  await turns();
  await run.cancel();
  assert.equal((await run.settled()).status, "cancelled");
  assert.deepEqual(await (await held.engine.start(tables, {})).result(), { found: 0 });
});
