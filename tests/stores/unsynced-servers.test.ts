import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { CapabilityError, ConfigError, createEngine, openBackend, value, workflow } from "agentflow";
import { missingServer, type PrivateServerKind, privateServer } from "../private-server.ts";

const small = workflow("small", { version: "1", state: { n: value(0) } })
  .start("add", ({ n }) => ({ n: n + 1 }))
  .end("add");

async function startedServer(
  context: TestContext,
  kind: PrivateServerKind,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const server = await privateServer(kind, settings);
  context.after(() => server.dispose());
  await server.start();
  return server.url;
}

const servers = [
  ["PostgreSQL with fsync off", "postgres", { fsync: "off" }],
  ["MariaDB that does not flush its log", "mysql", { innodb_flush_log_at_trx_commit: "2" }],
  ["MariaDB whose binary log is not synced", "mysql", { "log-bin": "log", sync_binlog: "0" }],
] as const;
for (const [what, kind, settings] of servers) {
  const skip = (await missingServer(kind)) ?? false;
  test(`${what} is refused for strict and batched, as a store and for a run`, { skip }, async (context) => {
    const store = await startedServer(context, kind, settings);
    for (const durability of ["strict", "batched"] as const)
      await assert.rejects(openBackend({ store, durability }), ConfigError, durability);
    const backend = await openBackend({ store });
    assert.deepEqual(backend.runs.capabilities.durability, ["normal"]);
    const engine = await createEngine({ store: backend });
    for (const durability of ["strict", "batched"] as const)
      await assert.rejects(engine.start(small, {}, { durability }), CapabilityError, durability);
    assert.deepEqual(await (await engine.start(small, {}, { durability: "normal" })).result(), { n: 1 });
    await engine.close();
    await backend.runs.close();
  });
}

const synced = [
  ["flushes its log the way of MariaDB 5.5", { innodb_flush_log_at_trx_commit: "3" }],
  ["syncs its binary log", { "log-bin": "log", sync_binlog: "1" }],
] as const;
for (const [what, settings] of synced) {
  const skip = (await missingServer("mysql")) ?? false;
  test(`MariaDB that ${what} keeps strict`, { skip }, async (context) => {
    const store = await startedServer(context, "mysql", settings);
    await using engine = await createEngine({ store, durability: "strict" });
    assert.deepEqual(await (await engine.start(small, {})).result(), { n: 1 });
  });
}
