import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  canonicalJson,
  StoreFailedError,
  StoreNewerError,
  StoreReadOnlyError,
  StoreUnavailableError,
  sha256Hex,
} from "@agentflow/core";
import {
  backupStore,
  createEngine,
  migrateStore,
  migrationStatus,
  openBackend,
  restoreStore,
  sum,
  workflow,
} from "agentflow";
import { sampleRun, storeSampleRun } from "../../packages/contracts/src/index.ts";
import { temporaryFolder } from "../cli/spawn-af.ts";
import { migrationKinds } from "../migrations/migration-kinds.ts";
import { temporaryDatabase } from "../mysql-database.ts";
import { service } from "../services.ts";
import { temporaryPlace } from "../store-place.ts";

for (const kind of migrationKinds) {
  const needed = kind.service === undefined ? { skip: false } : await service(kind.service);
  const create = async (context: TestContext) => {
    const database = await kind.create();
    context.after(() => database.drop());
    return database;
  };

  test(
    `every row of ${kind.name} comes back as it was, and the schema as migrations make it`,
    needed,
    async (context) => {
      const [from, to] = [await create(context), await create(context)];
      const directory = join(temporaryFolder(context), "backup");
      const backend = await openBackend({ store: from.url });
      for (const content of [11, 12, 13, 14]) {
        const target = { tenant: "Ténant\u0000", runId: `run-${content}`, status: "succeeded" } as const;
        await storeSampleRun(backend.runs, sampleRun({ content, order: 1 }), target);
        const row = {
          kind: "event",
          key: "k'\\\"\n;\t\\.",
          value: '"\\u0000"',
          by: "é'\\",
          at: 1,
        } as const;
        await backend.inbox.put({ tenant: target.tenant, runId: target.runId, row });
      }
      await backend.runs.close();
      await backupStore({ store: from.url }, { directory });
      await restoreStore({ store: to.url }, { directory });
      const [before, after] = [await from.rows(), await to.rows()];
      for (const table of Object.keys(before)) {
        if (table !== "af_runs") assert.equal(after[table], before[table], table);
      }
      assert.deepEqual(await to.schema(), await from.schema());
      assert.deepEqual(
        (await to.applied()).map(({ checksum }) => checksum),
        (await from.applied()).map(({ checksum }) => checksum),
      );
    },
  );

  test(
    `a backup of an older schema of ${kind.name} is brought up to date, one of a newer program refused`,
    needed,
    async (context) => {
      const [from, to] = [await create(context), await create(context)];
      const folder = temporaryFolder(context);
      const directory = join(folder, "backup");
      await migrateStore({ store: from.url });
      const backend = await openBackend({ store: from.url });
      await storeSampleRun(backend.runs, sampleRun({ content: 1, order: 1 }), {
        tenant: "default",
        runId: "r",
      });
      await backend.runs.close();
      const from1 = kind.migrations.findLastIndex(({ loses }) => loses !== undefined) + 1;
      await migrateStore({ store: from.url }, { to: from1 });
      const { manifest } = await backupStore({ store: from.url }, { directory });
      assert.equal(manifest.schemaVersion, from1);
      const newest = kind.migrations.length;
      await restoreStore({ store: to.url }, { directory });
      assert.equal((await migrationStatus({ store: to.url })).version, newest);
      const restored = await openBackend({ store: to.url });
      assert.equal((await restored.runs.readHead("default", "r"))?.status, "succeeded");
      await restored.runs.close();

      const path = join(directory, "manifest.json");
      const { sha256, ...written } = JSON.parse(readFileSync(path, "utf8"));
      const newer = { ...written, schemaVersion: newest + 1 };
      writeFileSync(path, JSON.stringify({ ...newer, sha256: sha256Hex(canonicalJson(newer)) }));
      await assert.rejects(restoreStore({ store: to.url }, { directory, force: true }), StoreNewerError);
      assert.equal((await migrationStatus({ store: to.url })).runs, 1);
    },
  );

  test(`of two restores into one empty store of ${kind.name} one is done`, needed, async (context) => {
    const [from, to] = [await create(context), await create(context)];
    const directory = join(temporaryFolder(context), "backup");
    const backend = await openBackend({ store: from.url });
    await storeSampleRun(backend.runs, sampleRun({ content: 1, order: 1 }), {
      tenant: "default",
      runId: "r",
    });
    await backend.runs.close();
    await backupStore({ store: from.url }, { directory });
    const ends = await Promise.allSettled([1, 2].map(() => restoreStore({ store: to.url }, { directory })));
    assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const refused = ends.find((end) => end.status === "rejected");
    assert.equal(refused?.reason.code, "AF_STORE_NOT_EMPTY");
    assert.equal((await migrationStatus({ store: to.url })).runs, 1);
  });
}

const pay = workflow("pay", { version: "1", state: { cents: sum() } })
  .start("pay", async (_state, ctx) => {
    await ctx.tx("insert", {}, async (sql) => {
      await sql.run("INSERT INTO payments VALUES (5, 'it''s')");
      return null;
    });
    return { cents: 5 };
  })
  .end("pay");

for (const store of ["postgres", "mysql"] as const) {
  const needed = await service(store === "postgres" ? "postgres" : "mariadb");

  test(
    `tables of a workflow on ${store} are of the same state if they are named, and stay as they are if not`,
    needed,
    async (context) => {
      const folder = temporaryFolder(context);
      const place = await temporaryPlace(store, folder);
      context.after(() => place.drop());
      await place.rows("CREATE TABLE payments (cents INTEGER, note TEXT)");
      const start = async (runId: string) => {
        await using engine = await createEngine({ store: place.url });
        await (await engine.start(pay, {}, { id: runId })).result();
      };
      const count = async () => (await place.rows("SELECT cents FROM payments")).length;
      await start("first");
      const [alone, both] = [join(folder, "alone"), join(folder, "both")];
      await backupStore({ store: place.url }, { directory: alone });
      const { manifest } = await backupStore({ store: place.url }, { directory: both, tables: ["payments"] });
      assert.equal(manifest.tables["payments"], 1);
      await start("second");
      await restoreStore({ store: place.url }, { directory: alone, force: true });
      assert.equal(await count(), 2);
      await restoreStore({ store: place.url }, { directory: both, force: true });
      assert.equal(await count(), 1);
      assert.equal((await place.rows("SELECT run_id FROM af_origins")).length, 1);
      await assert.rejects(
        backupStore({ store: place.url }, { directory: join(folder, "none"), tables: ["nowhere"] }),
        (error) => error instanceof StoreUnavailableError && error.message.includes("nowhere"),
      );
    },
  );

  test(
    `a restore on ${store} that the server refuses half-way changes nothing and says why`,
    needed,
    async (context) => {
      const folder = temporaryFolder(context);
      const place = await temporaryPlace(store, folder);
      context.after(() => place.drop());
      const directory = join(folder, "backup");
      await place.rows("CREATE TABLE payments (cents INTEGER, note TEXT)");
      await (await openBackend({ store: place.url })).runs.close();
      await backupStore({ store: place.url }, { directory, tables: ["payments"] });
      // Something of the database needs the table that is to be replaced: a view, or rows of another table.
      if (store === "postgres") await place.rows("CREATE VIEW paid AS SELECT cents FROM payments");
      else await place.rows("CREATE TRIGGER paid BEFORE INSERT ON payments FOR EACH ROW SET NEW.cents = 1");
      await place.rows("INSERT INTO payments VALUES (1, 'kept')");
      await assert.rejects(
        restoreStore({ store: place.url }, { directory, force: true }),
        (error) => error instanceof StoreFailedError && /paid|trigger/i.test(error.message),
      );
      assert.equal((await place.rows("SELECT cents FROM payments")).length, 1);
      await (await openBackend({ store: place.url })).runs.close();
    },
  );
}

test(
  "a MySQL user needs the right to make a database beside, and its password reaches the programs",
  await service("mariadb"),
  async (context) => {
    const database = await temporaryDatabase();
    const user = database.name.slice(0, 24);
    await database.execute(
      `CREATE USER ${user} IDENTIFIED BY 'pa''s\\\\s@/word'`,
      `GRANT ALL ON \`${database.name}\`.* TO ${user}`,
    );
    context.after(async () => {
      await database.execute(`DROP USER ${user}`);
      await database.drop();
    });
    const url = `mysql://${user}:${encodeURIComponent("pa's\\s@/word")}@127.0.0.1:3306/${database.name}`;
    const directory = join(temporaryFolder(context), "backup");
    await (await openBackend({ store: url })).runs.close();
    await backupStore({ store: url }, { directory });
    await assert.rejects(
      restoreStore({ store: url }, { directory, force: true }),
      (error) => error instanceof StoreReadOnlyError && error.message.includes("_af_restore"),
    );
    await database.execute(`GRANT ALL ON \`${database.name}_af_restore\`.* TO ${user}`);
    await restoreStore({ store: url }, { directory, force: true });
  },
);
