import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { InvariantError, MigrationRefusedError, StoreNewerError, StoreOlderError } from "@agentflow/core";
import { sampleRun, storeSampleRun } from "../../packages/contracts/src/index.ts";
import { openStore } from "../../packages/store/src/index.ts";
import { migrationChecksum } from "../../packages/store/src/migrations/migration.ts";
import { service } from "../services.ts";
import type { MigrationDatabase, MigrationKind } from "./migration-database.ts";
import { migrationKinds } from "./migration-kinds.ts";

/** The schema of each version, 0 included, as a clean way up makes it. */
async function schemasOf(kind: MigrationKind, database: MigrationDatabase): Promise<(readonly string[])[]> {
  const schemas = [await database.schema()];
  for (let version = 1; version <= kind.migrations.length; version++) {
    await database.migrate(version);
    schemas.push(await database.schema());
  }
  return schemas;
}

async function seed(url: string): Promise<void> {
  const store = await openStore(url);
  for (const content of [1, 2, 3]) {
    const target = { tenant: "default", runId: `run-${content}`, status: "running" } as const;
    await storeSampleRun(store.runs, sampleRun({ content, order: content }), target);
    const row = { kind: "answer", key: `ask-${content}`, value: "1", by: "ada", at: content } as const;
    await store.inbox.put({ tenant: "default", runId: target.runId, row });
  }
  await store.owners.registerOwner({
    ownerId: "owner-1",
    host: "h",
    pid: 1,
    processStart: "s",
    counter: 0,
  });
  await store.runs.close();
}

for (const kind of migrationKinds) {
  const needed = kind.service === undefined ? { skip: false } : await service(kind.service);
  const newest = kind.migrations.length;
  const create = async (context: TestContext): Promise<MigrationDatabase> => {
    const database = await kind.create();
    context.after(() => database.drop());
    return database;
  };

  test(
    `${kind.name}: up, rows, down and up again give the same schema at each version`,
    needed,
    async (context) => {
      const database = await create(context);
      await database.execute("CREATE TABLE payments (id INTEGER)");
      const schemas = await schemasOf(kind, database);
      assert.ok((schemas[newest]?.length ?? 0) > (schemas[0]?.length ?? 0));
      await seed(database.url);
      for (let version = newest - 1; version >= 0; version--) {
        await database.migrate(version);
        assert.equal(await database.version(), version);
        assert.deepEqual(await database.schema(), schemas[version], `back at ${version}`);
      }
      await database.migrate();
      assert.deepEqual(await database.schema(), schemas[newest]);
      await seed(database.url);
    },
  );

  test(`${kind.name}: a way back that says it loses nothing keeps every row`, needed, async (context) => {
    const database = await create(context);
    await database.migrate();
    await seed(database.url);
    const before = await database.rows();
    assert.match(before["af_runs"] ?? "", /^3 rows/);
    const from = kind.migrations.findLastIndex(({ loses }) => loses !== undefined) + 1;
    await database.migrate(from);
    await database.migrate();
    assert.deepEqual(await database.rows(), before);
  });

  for (const direction of ["up", "down"] as const) {
    test(
      `${kind.name}: a process that ends at any statement on the way ${direction} leaves what the next one finishes`,
      needed,
      async (context) => {
        const database = await create(context);
        const schemas = await schemasOf(kind, database);
        let isEnded = false;
        for (let version = 1; version <= newest; version++) {
          const [start, target] = direction === "up" ? [version - 1, version] : [version, version - 1];
          let isDone = false;
          for (let statements = 0; !isDone; statements += kind.stride) {
            await database.migrate(start);
            isDone = await database.migrateUntil(target, statements);
            await database.migrate(target);
            const place = `version ${version}, ended after ${statements} statements`;
            assert.deepEqual(await database.schema(), schemas[target], place);
            assert.equal(await database.version(), target, place);
            isEnded ||= !isDone;
          }
        }
        assert.ok(isEnded);
      },
    );
  }

  test(
    `${kind.name}: a process that ended on the way can be followed by one that goes the other way`,
    needed,
    async (context) => {
      const database = await create(context);
      const schemas = await schemasOf(kind, database);
      await database.migrate(0);
      await database.migrateUntil(newest, 12);
      await database.migrate(0);
      assert.deepEqual(await database.schema(), schemas[0]);
      await database.migrate();
      await database.migrateUntil(0, 16);
      await database.migrate();
      assert.deepEqual(await database.schema(), schemas[newest]);
    },
  );

  test(
    `${kind.name}: opening a store ${kind.service === undefined ? "migrates" : "creates tables, but never changes those that are there"}`,
    needed,
    async (context) => {
      const database = await create(context);
      await (await openStore(database.url)).runs.close();
      assert.equal(await database.version(), newest);
      for (let version = newest - 1; version > 0; version--) {
        await database.migrate(version);
        const open = openStore(database.url);
        if (kind.service === undefined) await (await open).runs.close();
        else await assert.rejects(open, StoreOlderError);
        assert.equal(await database.version(), kind.service === undefined ? newest : version);
      }
    },
  );

  test(`${kind.name}: processes that migrate at once do it once`, needed, async (context) => {
    const database = await create(context);
    await Promise.all(Array.from({ length: 6 }, () => database.migrate()));
    assert.equal(await database.version(), newest);
    await Promise.all(Array.from({ length: 6 }, () => database.migrate(0)));
    assert.equal(await database.version(), 0);
  });

  test(
    `${kind.name}: the database keeps name, checksum and time of each migration`,
    needed,
    async (context) => {
      const database = await create(context);
      const begun = Date.now();
      await database.migrate();
      const applied = await database.applied();
      const expected = kind.migrations.map((migration) => ({
        version: migration.version,
        name: migration.name,
        checksum: migrationChecksum(migration),
      }));
      assert.deepEqual(
        applied.map(({ appliedAt, ...rest }) => rest),
        expected,
      );
      for (const { appliedAt = 0 } of applied) assert.ok(appliedAt >= begun && appliedAt <= Date.now());
      await database.migrate(newest - 1);
      assert.deepEqual(
        (await database.applied()).map(({ version }) => version),
        expected.slice(0, -1).map(({ version }) => version),
      );
    },
  );

  test(
    `${kind.name}: a database that went through another migration is refused and left as it is`,
    needed,
    async (context) => {
      const database = await create(context);
      await database.migrate();
      await database.execute("UPDATE af_migrations SET checksum = 'another' WHERE version = 1");
      const before = await database.schema();
      await assert.rejects(
        database.migrate(0),
        (error) => error instanceof MigrationRefusedError && error.context["checksum"] === "another",
      );
      assert.deepEqual(await database.schema(), before);
      assert.equal(await database.version(), newest);
    },
  );

  test(
    `${kind.name}: a database from before migrations were kept migrates like any other`,
    needed,
    async (context) => {
      const database = await create(context);
      await database.migrate(1);
      await database.execute("DROP TABLE af_migrations");
      assert.equal(await database.version(), 1);
      assert.deepEqual(await database.applied(), []);
      await database.migrate();
      await (await openStore(database.url)).runs.close();
      await database.migrate(0);
      assert.equal(await database.version(), 0);
    },
  );

  test(`${kind.name}: a schema of a newer program is refused and left as it is`, needed, async (context) => {
    const database = await create(context);
    await database.migrate();
    await database.execute("UPDATE af_meta SET value = 99");
    const before = await database.schema();
    const uses = [() => database.migrate(), () => database.migrate(0), () => openStore(database.url)];
    for (const use of uses) {
      await assert.rejects(
        use(),
        (error) => error instanceof StoreNewerError && error.context["version"] === 99,
      );
    }
    await assert.rejects(database.migrate(newest + 1), InvariantError);
    assert.deepEqual(await database.schema(), before);
  });
}
