import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createEngine, value, withStore, workflow } from "agentflow";
import { af, fixture, temporaryFolder } from "../cli/spawn-af.ts";
import { temporaryDatabase } from "../mysql-database.ts";
import { temporarySchema } from "../postgres-schema.ts";
import { type ServiceName, service } from "../services.ts";

/** A database server that keeps runs. */
interface Server {
  readonly name: string;
  readonly service: ServiceName;
  readonly placeholder: string;
  readonly user: string;
  temporary(): Promise<{ url: string; execute(statement: string): Promise<void>; drop(): Promise<void> }>;
}

const servers: readonly Server[] = [
  {
    name: "PostgreSQL",
    service: "postgres",
    placeholder: "$1",
    user: "postgres",
    temporary: temporarySchema,
  },
  { name: "MariaDB", service: "mariadb", placeholder: "?", user: "root", temporary: temporaryDatabase },
];

const add = workflow("add", { version: "1", state: { n: value<number>(), sum: value(0) } })
  .start("once", ({ n }) => ({ sum: n + 1 }))
  .node("twice", { after: "once" }, ({ sum }) => ({ sum: sum + 1 }))
  .end("twice");

function chargeWith(placeholder: string) {
  return workflow("charge", { version: "1", state: { cents: value(0), charged: value(0) } })
    .start("reserve", async (_, ctx) => ({ cents: await ctx.io("price", {}, async () => 5) }))
    .node("pay", { after: "reserve" }, async ({ cents }, ctx) => {
      const charged = await ctx.tx("pay", { cents }, async (sql, input) => {
        await sql.run(`INSERT INTO payments (cents) VALUES (${placeholder})`, [input.cents]);
        const [row] = await sql.all("SELECT sum(cents) AS cents FROM payments");
        return Number(row?.["cents"]);
      });
      return { charged };
    })
    .end("pay");
}

for (const server of servers) {
  const needed = await service(server.service);
  const temporary = async (context: TestContext) => {
    const made = await server.temporary();
    context.after(() => made.drop());
    return made;
  };

  test(`an engine keeps its runs in ${server.name} for the next one`, needed, async (context) => {
    const { url, execute } = await temporary(context);
    await execute("CREATE TABLE payments (cents INTEGER NOT NULL)");
    const charge = chargeWith(server.placeholder);
    {
      await using engine = await createEngine(withStore(url));
      const run = await engine.start(charge, {}, { id: "r" });
      assert.deepEqual(await run.result(), { cents: 5, charged: 5 });
    }
    await using engine = await createEngine({ store: url });
    assert.equal((await engine.inspect("r")).status, "succeeded");
    assert.equal((await engine.replay("r", charge)).matches, true);
  });

  for (const durability of ["normal", "strict", "batched"] as const) {
    test(`a hundred runs at once end in ${server.name} at ${durability}`, needed, async (context) => {
      const { url } = await temporary(context);
      await using engine = await createEngine({ store: url, durability });
      const runs = await Promise.all(Array.from({ length: 100 }, (_, n) => engine.start(add, { n })));
      const sums = await Promise.all(runs.map(async (run) => (await run.result()).sum));
      assert.deepEqual(
        sums,
        sums.map((_, n) => n + 2),
      );
    });
  }

  test(`af runs and lists runs in ${server.name}, and prints no password`, needed, async (context) => {
    const { url } = await temporary(context);
    const cwd = temporaryFolder(context);
    const env = { AF_STORE_URL: url };
    const input = ["--input", '{"name":"Ada"}', "--run-id", "r"];
    const ran = await af(["run", fixture("workflows/greet.ts"), ...input, "--store", url], { cwd });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /HELLO, ADA/);
    const listed = await af(["runs", "--json"], { cwd, env });
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, /"runId":"r"/);
    assert.equal(existsSync(join(cwd, ".agentflow/agentflow.db")), false);
    const secret = url.replace(`${server.user}@`, `${server.user}:s3cret@`);
    const configured = await af(["config", "--store", secret], { cwd });
    assert.match(configured.stdout, new RegExp(`${server.user}@127`));
    assert.doesNotMatch(configured.stdout, /s3cret/);
  });
}

for (const scheme of ["postgres", "mysql"]) {
  test(`a ${scheme} server that is not there ends af with the hint to look for it`, async (context) => {
    const cwd = temporaryFolder(context);
    const ended = await af(["runs", "--store", `${scheme}://me:s3cret@127.0.0.1:1/db`], { cwd });
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /AF_STORE_UNAVAILABLE/);
    assert.doesNotMatch(ended.stderr + ended.stdout, /s3cret/);
  });
}
