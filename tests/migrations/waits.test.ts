import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenInterrupt, StoreBackend, WaitRow } from "@agentflow/core";
import {
  nextCommit,
  sampleEntry,
  sampleJournal,
  sampleStep,
  startCommit,
} from "../../packages/contracts/src/index.ts";
import { openStore } from "../../packages/store/src/index.ts";
import { service } from "../services.ts";
import { migrationKinds } from "./migration-kinds.ts";

const places = [
  { scope: "", superstep: 3, ordinal: 1, node: "ask", item: -1, key: "3.ask#sign[2]" },
  {
    scope: "0.part[4]",
    superstep: 1,
    ordinal: 0,
    node: "each",
    item: 7,
    key: "0.part[4]/1.each[7]#sign[2]",
  },
] as const;

/** A run that waits for two answers and an event, got another answer, and asked in a step that has ended without it. */
async function park(backend: StoreBackend): Promise<void> {
  const asked = places.map(({ key: _key, ...place }, index) =>
    sampleJournal({ ...place, event: 2 + index, entry: interrupt({ nth: 2, value: '"sign?"' }) }),
  );
  const wait = sampleEntry({ kind: "wait", name: "paid", inputHash: "", index: 1, value: "null" });
  const journal = [
    ...asked,
    sampleJournal({ superstep: 3, ordinal: 1, event: 4, entry: wait }),
    sampleJournal({ superstep: 9, event: 5, entry: interrupt({ name: "over" }) }),
    sampleJournal({
      superstep: 9,
      event: 6,
      entry: { ...interrupt({ name: "over", index: 1 }), kind: "answer" },
    }),
    sampleJournal({ superstep: 8, event: 7, entry: interrupt({ name: "lost" }) }),
  ];
  const begun = places.map(({ node: _node, item: _item, ...place }): WaitRow => waitRow(place));
  begun.push(waitRow({ scope: "", superstep: 3, ordinal: 1, entry: 1, kind: "event", key: "paid" }));
  await commit(backend, startCommit());
  await commit(backend, nextCommit(2, { journal, steps: [sampleStep({ superstep: 8, event: 8 })] }));
  const rest = { release: true, progress: { status: "waiting" as const }, waits: { begun, ended: [] } };
  await commit(backend, nextCommit(3, rest));
}

function interrupt(parts: Partial<ReturnType<typeof sampleEntry>>) {
  return sampleEntry({ kind: "interrupt", name: "sign", inputHash: "", at: 77, ...parts });
}

function waitRow(
  parts: Pick<WaitRow, "scope" | "superstep" | "ordinal" | "key"> & Partial<WaitRow>,
): WaitRow {
  return { entry: 0, kind: "answer", at: 77, deadline: undefined, ...parts };
}

async function commit(backend: StoreBackend, member: ReturnType<typeof nextCommit>): Promise<void> {
  assert.deepEqual(await backend.runs.commit([member]), [{ kind: "committed" }]);
}

function open(backend: StoreBackend): Promise<readonly OpenInterrupt[]> {
  return backend.waits.listInterrupts({ tenant: "default", limit: 9 });
}

for (const kind of migrationKinds) {
  const needed = kind.service === undefined ? { skip: false } : await service(kind.service);

  test(
    `${kind.name}: what stored runs wait for is found although they are older than its table`,
    needed,
    async (context) => {
      const database = await kind.create();
      context.after(() => database.drop());
      await database.migrate();
      const before = await openStore(database.url);
      await park(before);
      const asked = await open(before);
      assert.deepEqual(asked.map(({ id }) => id).sort(), places.map(({ key }) => key).sort());
      await before.runs.close();
      const version = kind.migrations.findIndex(({ name }) => name === "waits");
      await database.migrate(version);
      await database.migrate();
      const after = await openStore(database.url);
      assert.deepEqual(await open(after), asked);
      const row = { kind: "event", key: "paid", value: "1", by: undefined, at: 99 } as const;
      await after.inbox.put({ tenant: "default", runId: "run-1", row });
      assert.equal((await after.runs.readHead("default", "run-1"))?.wakeAt, 99);
      await after.runs.close();
      await database.migrate(version);
      await database.migrate();
      const again = await openStore(database.url);
      const [result] = await again.runs.commit([nextCommit(4, { inboxSeen: 0 })]);
      assert.deepEqual(result, { kind: "committed", inbox: 1 });
      await again.runs.close();
    },
  );
}
