import assert from "node:assert/strict";
import { test } from "node:test";
import { nextCommit, sampleStep, startCommit } from "@agentflow/contracts";
import { openMysql } from "@agentflow/store";
import { missingServer, privateServer } from "../private-server.ts";

const skip = (await missingServer("mysql")) ?? false;

test("MariaDB with small packets takes a commit and a group that are larger than one", {
  skip,
}, async (context) => {
  const server = await privateServer("mysql", { max_allowed_packet: "1M" });
  context.after(() => server.dispose());
  await server.start();
  const backend = await openMysql({ url: server.url });
  context.after(() => backend.runs.close());
  const delta = JSON.stringify({ text: "'\"\\".repeat(1_000) });
  const steps = Array.from({ length: 2_000 }, (_, ordinal) =>
    sampleStep({ ordinal, event: 2 + ordinal, delta }),
  );
  const ids = Array.from({ length: 1_000 }, (_, number) => `small-${number}`);
  const members = [
    startCommit(),
    nextCommit(2, { steps, progress: { events: 2_001 } }),
    ...ids.map((runId) => startCommit({ runId, input: delta })),
  ];
  const results = await backend.runs.commit(members);
  assert.deepEqual(new Set(results.map(({ kind }) => kind)), new Set(["committed"]));
  const read = await backend.runs.readScope({ tenant: "default", runId: "run-1", scope: "", from: "start" });
  assert.deepEqual(read.steps.length, 2_000);
});
