import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createEngine, value, withStore, workflow } from "agentflow";
import { af, fixture, temporaryFolder } from "../cli/spawn-af.ts";
import { temporarySchema } from "../postgres-schema.ts";
import { service } from "../services.ts";

const needed = await service("postgres");

const charge = workflow("charge", { version: "1", state: { cents: value(0), charged: value(0) } })
  .start("reserve", async (_, ctx) => ({ cents: await ctx.io("price", {}, async () => 5) }))
  .node("pay", { after: "reserve" }, async ({ cents }, ctx) => {
    const charged = await ctx.tx("pay", { cents }, async (sql, input) => {
      await sql.run("CREATE TABLE payments (cents integer NOT NULL)");
      await sql.run("INSERT INTO payments (cents) VALUES ($1)", [input.cents]);
      const [row] = await sql.all("SELECT sum(cents) AS cents FROM payments");
      return Number(row?.["cents"]);
    });
    return { charged };
  })
  .end("pay");

test("an engine keeps its runs in PostgreSQL for the next one", needed, async (context) => {
  const schema = await temporarySchema();
  context.after(() => schema.drop());
  {
    await using engine = await createEngine(withStore(schema.url));
    const run = await engine.start(charge, {}, { runId: "r" });
    assert.deepEqual(await run.result(), { cents: 5, charged: 5 });
  }
  await using engine = await createEngine({ store: schema.url });
  assert.equal((await engine.inspect("r")).status, "succeeded");
  assert.equal((await engine.replay("r", charge)).matches, true);
});

for (const durability of ["strict", "batched"] as const) {
  test(`a hundred runs at once end in PostgreSQL at ${durability}`, needed, async (context) => {
    const schema = await temporarySchema();
    context.after(() => schema.drop());
    const add = workflow("add", { version: "1", state: { n: value<number>(), sum: value(0) } })
      .start("once", ({ n }) => ({ sum: n + 1 }))
      .node("twice", { after: "once" }, ({ sum }) => ({ sum: sum + 1 }))
      .end("twice");
    await using engine = await createEngine({ store: schema.url, durability });
    const runs = await Promise.all(Array.from({ length: 100 }, (_, n) => engine.start(add, { n })));
    const sums = await Promise.all(runs.map(async (run) => (await run.result()).sum));
    assert.deepEqual(
      sums,
      sums.map((_, n) => n + 2),
    );
  });
}

test("af runs, lists and shows runs in PostgreSQL, and prints no password", needed, async (context) => {
  const schema = await temporarySchema();
  context.after(() => schema.drop());
  const cwd = temporaryFolder(context);
  const store = schema.url.replace("postgres@", "postgres:s3cret@");
  const input = ["--input", '{"name":"Ada"}', "--run-id", "r"];
  const ran = await af(["run", fixture("workflows/greet.ts"), ...input, "--store", store], { cwd });
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /HELLO, ADA/);
  const env = { AF_STORE_URL: store };
  const listed = await af(["runs", "--json"], { cwd, env });
  assert.equal(listed.code, 0, listed.stderr);
  assert.match(listed.stdout, /"runId":"r"/);
  const configured = await af(["config"], { cwd, env });
  assert.match(configured.stdout, /postgres:\/\/postgres@127/);
  const text = [ran, listed, configured].map(({ stdout, stderr }) => stdout + stderr).join();
  assert.doesNotMatch(text, /s3cret/);
  assert.equal(existsSync(join(cwd, ".agentflow/agentflow.db")), false);
});

test("a server that is not there ends af with the hint to look for it", async (context) => {
  const cwd = temporaryFolder(context);
  const store = "postgres://me:s3cret@127.0.0.1:1/db";
  const ended = await af(["runs", "--store", store], { cwd });
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /AF_STORE_UNAVAILABLE/);
  assert.doesNotMatch(ended.stderr + ended.stdout, /s3cret/);
});
