import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEngine } from "agentflow";
import { Agency } from "./agency.ts";
import { tripFlow } from "./workflow.ts";

test("a trip without a car is undone, as a graph and as a flow", async () => {
  const folder = await mkdtemp(join(tmpdir(), "saga-"));
  try {
    const program = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder });
    const done =
      "booked flight to Oslo, booked hotel in Oslo, cancelled hotel in Oslo-1, cancelled flight to Oslo-1";
    assert.deepEqual(stdout.split("\n"), [`graph: failed, ${done}`, `flow: failed, ${done}`, ""]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a trip with everything keeps its bookings", async () => {
  await using engine = await createEngine({ store: "memory:" });
  const agency = new Agency("nothing");
  const run = await engine.start(tripFlow(agency), { to: "Oslo" });
  assert.deepEqual(await run.result(), ["flight to Oslo-1", "hotel in Oslo-1", "car in Oslo-1"]);
  assert.equal(agency.log.length, 3);
});
