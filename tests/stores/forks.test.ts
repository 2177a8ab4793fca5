import assert from "node:assert/strict";
import { test } from "node:test";
import { append, createEngine, nested, sum, value, workflow } from "agentflow";
import { temporaryFolder } from "../cli/spawn-af.ts";
import { service } from "../services.ts";
import { openPlace, storeNames, type TemporaryPlace, temporaryPlace } from "../store-place.ts";

const services = { sqlite: undefined, postgres: "postgres", mysql: "mariadb" } as const;

const tables = ["origins", "steps", "journal", "attempts", "marks", "snapshots", "blobs", "inbox", "runs"];

/** Every row of every run, as the database's own driver gives it. */
async function allRows(place: TemporaryPlace): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const table of tables)
    for (const row of await place.rows(`SELECT * FROM af_${table}`))
      rows.push(
        `${table} ${JSON.stringify(row, (_key, found) => (typeof found === "bigint" ? Number(found) : found))}`,
      );
  return rows;
}

const inner = workflow("inner", { version: "1", state: { x: value<number>(), text: value("") } })
  .start("write", async ({ x }, ctx) => {
    const text = await ctx.io("text", x, async (given) => `${given} `.repeat(3_000));
    return { text };
  })
  .node("cut", { after: "write" }, ({ text }) => ({ text: text.slice(0, 3) }))
  .end("cut");

const outer = workflow("outer", { version: "1", state: { base: value(1), log: append<string>(), n: sum() } })
  .start("plan", async ({ base }, ctx) => {
    await ctx.safeWrite("plan.txt", "plan");
    return { n: base };
  })
  .map(
    "work",
    { after: "plan", over: ({ base }) => [base, base + 1] },
    nested(inner, { input: (x: number) => ({ x }), output: ({ text }) => ({ log: [text] }) }),
  )
  .node("shut", { after: "work" }, ({ log }) => ({ log: [`${log.length}`] }))
  .end("shut");

for (const store of storeNames) {
  const name = services[store];
  const needed = name === undefined ? {} : await service(name);
  test(
    `${store}: no row of the run that is forked changes, and the fork stands without it`,
    needed,
    async (context) => {
      const folder = temporaryFolder(context);
      const place = await temporaryPlace(store, folder);
      context.after(() => place.drop());
      const artifactsDirectory = `${folder}/artifacts`;
      const backend = await openPlace(place);
      context.after(() => backend.runs.close());
      await using engine = await createEngine({ store: backend, artifactsDirectory });
      await (await engine.start(outer, {}, { id: "run" })).result();
      const before = await allRows(place);
      assert.ok(before.length > 10);
      const inside = await engine.fork("run", {
        at: "1.work[1]/1.cut",
        patch: { text: "own text" },
        id: "inside",
        workflow: outer,
      });
      assert.deepEqual((await inside.result()).log, ["1 1", "own", "2"]);
      const root = await engine.fork("run", {
        at: "1.work[0]",
        patch: { base: 7 },
        id: "root",
        workflow: outer,
      });
      assert.deepEqual((await root.result()).log, ["7 7", "8 8", "2"]);
      const after = new Set(await allRows(place));
      assert.deepEqual(
        before.filter((row) => !after.has(row)),
        [],
      );
      const rule = { tenant: "default", part: "run", statuses: ["succeeded"], unexported: true } as const;
      const { retention } = backend;
      assert.deepEqual(await retention.removeRuns(rule, { runIds: ["run"], at: Date.now() }), ["run"]);
      for (const { number } of await retention.listRemoved({ tenant: "default", limit: 10 }))
        await retention.purge({ tenant: "default", number, rowsMax: 10_000 });
      for (const id of ["inside", "root"]) {
        const report = await engine.replay(id, outer, { strict: true });
        assert.deepEqual([report.matches, report.steps], [true, 8], id);
      }
    },
  );
}
