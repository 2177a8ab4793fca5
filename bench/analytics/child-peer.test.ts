import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runBenchmark } from "../../packages/analytics/src/index.ts";
import { childPeer } from "./child-peer.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-child-peer-"));

after(() => rmSync(folder, { recursive: true, force: true }));

/** A module of a system whose answers are made by some code. */
function moduleOf(name: string, code: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, code);
  return path;
}

const empty = moduleOf(
  "empty",
  'export const openSystem = async () => ({ version: "1.2", answer: async () => [] });',
);
const broken = moduleOf(
  "broken",
  'export const openSystem = async () => { throw new Error("not built for this"); };',
);
const dying = moduleOf("dying", "export const openSystem = async () => process.exit(3);");
const late = moduleOf(
  "late",
  'export const openSystem = async () => ({ version: "1", answer: async () => { throw new Error("out of memory"); } });',
);

const endless = moduleOf(
  "endless",
  'process.on("exit", () => { for (;;); }); export const openSystem = async () => ({ version: "1", answer: async () => [] });',
);

const request = { directory: folder, duck: {}, scratch: folder };

test("wrong answers from another process are found, with its time and memory measured there (OLP-24)", async () => {
  const peaks = new Map<string, number>();
  const peer = childPeer(empty, { name: "empty" }, (name, peakRssMb) => void peaks.set(name, peakRssMb));
  const { suites } = await runBenchmark({
    rows: 1_000,
    rounds: 1,
    directory: folder,
    suites: ["peers"],
    peers: [peer],
  });
  const faults = suites[0]?.faults ?? [];
  assert.equal(faults.length, 4);
  for (const fault of faults) assert.match(fault, /, empty: 0 rows in place of \d+$/);
  assert.ok(suites[0]?.notes.includes("empty is version 1.2."));
  assert.ok((peaks.get("empty") ?? 0) > 10);
});

test("a process that fails or dies before it is ready is told by its reason, and none is left behind", async () => {
  await assert.rejects(childPeer(broken, { name: "broken" }).open(request), /^Error: not built for this$/);
  await assert.rejects(childPeer(dying, { name: "dying" }).open(request), /^Error: dying ended with 3\.$/);
  await assert.rejects(
    childPeer(join(folder, "absent.mjs"), { name: "absent" }).open(request),
    /Cannot find module/,
  );
});

test("a process whose threads do not end is ended all the same", async () => {
  const peer = await childPeer(endless, { name: "endless" }).open(request);
  await peer[Symbol.asyncDispose]();
});

test("a question that a process cannot answer fails with its reason", async () => {
  await using peer = await childPeer(late, { name: "late" }).open(request);
  const question = {
    id: "growth",
    question: { measures: ["revenue"] },
    sql: () => "",
    limitMs: 1,
    rule: "",
  } as const;
  await assert.rejects(peer.answer(question), /^Error: out of memory$/);
});
