import assert from "node:assert/strict";
import { test } from "node:test";
import { startCommit, stepCommit } from "@agentflow/contracts";
import { type RunCommit, StoreUnavailableError } from "@agentflow/core";
import type { CommitUnit } from "./commit-units.ts";
import { GroupWriter, type UnitWriter } from "./group-writer.ts";

/** A server that is away for some tries, and then applies everything. */
function awayFor(tries: number): UnitWriter & { readonly applied: RunCommit[] } {
  let left = tries;
  const applied: RunCommit[] = [];
  return {
    applied,
    async apply(units: readonly CommitUnit[]) {
      if (left-- > 0) throw new StoreUnavailableError("away");
      applied.push(...units.map(({ commit }) => commit));
      return new Map([...units.keys()].map((place) => [place, 0]));
    },
    refusal: async () => ({ kind: "duplicate" }),
  };
}

async function kindsOf(writer: GroupWriter, members: readonly RunCommit[]): Promise<readonly string[]> {
  return (await writer.commit(members)).map(({ kind }) => kind);
}

const waits = () => true;

test("a commit of a run that there is waits until the server is back", async () => {
  const units = awayFor(4);
  assert.deepEqual(await kindsOf(new GroupWriter(units, waits), [stepCommit(2)]), ["committed"]);
  assert.equal(units.applied.length, 1);
});

test("of a group the runs that there are wait for the server, and those to be started are refused", async () => {
  const units = awayFor(4);
  const group = [stepCommit(2, { runId: "a" }), startCommit({ runId: "b" }), stepCommit(5, { runId: "c" })];
  assert.deepEqual(await kindsOf(new GroupWriter(units, waits), group), ["committed", "failed", "committed"]);
  assert.deepEqual(
    units.applied.map(({ runId }) => runId),
    ["a", "c"],
  );
});

test("a run that is to be started alone is refused while the server is away", async () => {
  const units = awayFor(4);
  assert.deepEqual(await kindsOf(new GroupWriter(units, waits), [startCommit()]), ["failed"]);
});

test("nothing waits once the store is to be closed", async () => {
  const units = awayFor(Number.POSITIVE_INFINITY);
  let asked = 0;
  const writer = new GroupWriter(units, () => ++asked < 5);
  const group = [stepCommit(2, { runId: "a" }), stepCommit(5, { runId: "c" })];
  assert.deepEqual(await kindsOf(writer, group), ["failed", "failed"]);
});
