import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startCommit } from "@agentflow/contracts";
import pg from "pg";
import { type TemporarySchema, temporarySchema } from "../../../../tests/postgres-schema.ts";
import { service } from "../../../../tests/services.ts";
import { openPostgres } from "../postgres/open-postgres.ts";
import { migratePostgres, postgresSchemaVersion, readPostgresVersion } from "./migrate-postgres.ts";

const needed = await service("postgres");

async function connected(context: TestContext): Promise<{ schema: TemporarySchema; client: pg.Client }> {
  const schema = await temporarySchema();
  const client = new pg.Client({ connectionString: schema.url });
  await client.connect();
  context.after(async () => {
    await client.end();
    await schema.drop();
  });
  return { schema, client };
}

async function schemaOf(client: pg.Client): Promise<string[]> {
  const columns = await client.query(`SELECT table_name, column_name, data_type, collation_name, is_nullable,
    column_default, generation_expression FROM information_schema.columns WHERE table_schema = current_schema()`);
  const indexes = await client.query("SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()");
  return [...columns.rows, ...indexes.rows].map((row) => JSON.stringify(row)).sort();
}

test("every text column that identifies is compared by bytes", needed, async (context) => {
  const { client } = await connected(context);
  await migratePostgres(client);
  const { rows } = await client.query(`SELECT DISTINCT c.relname || '.' || a.attname AS name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND a.attnum = ANY (i.indkey) AND a.attcollation <> 0
    AND a.attcollation <> 'pg_catalog."C"'::regcollation AND c.relname <> 'af_meta'`);
  assert.deepEqual(rows, []);
});

test("processes that open one empty schema at once make it once", needed, async (context) => {
  const { schema, client } = await connected(context);
  const opened = await Promise.all(Array.from({ length: 8 }, () => openPostgres({ url: schema.url })));
  assert.equal(await readPostgresVersion(client), postgresSchemaVersion);
  await opened[0]?.runs.commit([startCommit()]);
  assert.equal((await opened[7]?.runs.readHead("default", "run-1"))?.seq, 1);
  await Promise.all(opened.map(({ runs }) => runs.close()));
});

test(
  "a migration that fails leaves the schema before it, and the next attempt succeeds",
  needed,
  async (context) => {
    const { client } = await connected(context);
    await client.query("CREATE TABLE af_steps (mine text)");
    const before = await schemaOf(client);
    await assert.rejects(migratePostgres(client));
    assert.deepEqual(await schemaOf(client), before);
    assert.equal(await readPostgresVersion(client), 0);
    await client.query("DROP TABLE af_steps");
    await migratePostgres(client);
    assert.equal(await readPostgresVersion(client), postgresSchemaVersion);
  },
);
