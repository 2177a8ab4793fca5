import assert from "node:assert/strict";
import { test } from "node:test";
import { startCommit } from "@agentflow/contracts";
import { type CommitResult, type RunCommit, StoreLockedError } from "@agentflow/core";
import { LogDoubt } from "./log-doubt.ts";
import { ThreadWriter, type ThreadWriterParts } from "./thread-writer.ts";
import { WriteGate } from "./write-gate.ts";

const committed: readonly CommitResult[] = [{ kind: "committed" }];

/** A thread whose commits are answered by `answer`; it tells how long each was waited for. */
function pretendedThread(answer: () => readonly CommitResult[] | Promise<readonly CommitResult[]>) {
  const waits: number[] = [];
  const thread = {
    commitMs: Number.POSITIVE_INFINITY,
    commit(_members: readonly RunCommit[], waitMs = 0) {
      waits.push(waitMs);
      return answer();
    },
    call: () => Promise.reject(new Error("not called here")),
    close: async () => undefined,
    hasEnded: false,
  };
  const parts: ThreadWriterParts = {
    thread,
    gate: new WriteGate(),
    gatherMs: 10,
    lockedAfterMs: 5_000,
    logPages: 1_000,
    doubt: new LogDoubt(),
    onWarning: () => undefined,
  };
  return { thread, waits, gate: parts.gate, writer: new ThreadWriter(parts) };
}

test("a commit is waited for on the calling thread only while the disk is quick and nothing is under way", async () => {
  const { thread, waits, gate, writer } = pretendedThread(() => committed);
  await writer.commit([startCommit()], false);
  thread.commitMs = 0.2;
  assert.deepEqual(writer.commit([startCommit()], false), committed);
  thread.commitMs = 5;
  await writer.commit([startCommit()], false);
  thread.commitMs = 0.2;
  const transaction = gate.run(() => undefined);
  const behind = writer.commit([startCommit()], false);
  await transaction;
  await behind;
  const many = Array.from({ length: 20 }, () => startCommit());
  await writer.commit(many, false);
  assert.deepEqual(waits, [0, 0.5, 0, 0, 0]);
});

test("a commit that meets another process's lock is tried again, and later ones wait for it", async () => {
  const locked = () => Promise.reject(new StoreLockedError("locked"));
  const answers = [locked, () => committed, () => committed];
  const { thread, writer } = pretendedThread(() => answers.shift()?.() ?? []);
  thread.commitMs = 0.2;
  const order: string[] = [];
  const first = Promise.resolve(writer.commit([startCommit()], false)).then(() => order.push("first"));
  const second = Promise.resolve(writer.commit([startCommit()], false)).then(() => order.push("second"));
  await Promise.all([first, second]);
  assert.deepEqual(order, ["first", "second"]);
  assert.equal(answers.length, 0);
});
