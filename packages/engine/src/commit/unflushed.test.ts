import assert from "node:assert/strict";
import { test } from "node:test";
import { nextCommit, stepCommit } from "@agentflow/contracts";
import type { RunCommit } from "@agentflow/core";
import { Unflushed } from "./unflushed.ts";

const mebi = "x".repeat(1024 * 1024);

/** How many calls with such commits go before runs have to wait. */
function callsBeforeWaiting(commit: RunCommit): number {
  const unflushed = new Unflushed();
  for (let calls = 1; ; calls++) {
    unflushed.add([commit]);
    if (!unflushed.isLittle) return calls - 1;
  }
}

test("runs wait for a pipelined store after so many commits, or so much text of any kind in them", () => {
  const entry = {
    index: 0,
    kind: "io",
    name: "call",
    inputHash: "",
    nth: 0,
    attempt: 1,
    value: mebi,
  } as const;
  assert.equal(callsBeforeWaiting(nextCommit(2)), 4_096);
  const large: RunCommit[] = [
    stepCommit(2, { delta: mebi }),
    nextCommit(2, { blobs: [{ hash: "hash", json: mebi }] }),
    { ...nextCommit(2), journal: [{ entry } as never] },
    { ...nextCommit(2), snapshots: [{ state: mebi } as never] },
  ];
  assert.deepEqual(large.map(callsBeforeWaiting), [8, 8, 8, 8]);
});

test("what is flushed makes room", () => {
  const unflushed = new Unflushed();
  const flushed = Array.from({ length: 9 }, () => unflushed.add([stepCommit(2, { delta: mebi })]));
  assert.equal(unflushed.isLittle, false);
  for (const note of flushed.slice(0, 4)) note();
  assert.deepEqual([unflushed.isLittle, unflushed.commits], [true, 5]);
});
