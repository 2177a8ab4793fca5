import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { type OwnerRow, StoreInUseError } from "@agentflow/core";
import { livingOwners, refuseLivingOwners } from "./living-owners.ts";

const host = new FakeHost();

function ownerOf(changes: Partial<OwnerRow>): OwnerRow {
  return {
    ownerId: "a",
    host: host.name,
    pid: host.pid,
    processStart: host.processStart,
    counter: 0,
    ...changes,
  };
}

test("an owner of this host is alive while its process is, whatever its counter says", async () => {
  const here = ownerOf({});
  const reused = ownerOf({ ownerId: "b", processStart: "another" });
  const gone = ownerOf({ ownerId: "c", pid: 9_999 });
  const clock = new FakeClock();
  const living = await livingOwners({ host, clock, read: async () => [here, reused, gone] });
  assert.deepEqual(living, [here]);
});

test("an owner of another host is alive if its counter grows within 10 s, and not before that is known to be gone", async () => {
  const clock = new FakeClock();
  const still = ownerOf({ ownerId: "still", host: "elsewhere" });
  let beats = 0;
  const read = async () => [still, ownerOf({ ownerId: "beating", host: "elsewhere", counter: beats })];
  const looking = livingOwners({ host, clock, read });
  for (let seconds = 0; seconds < 10; seconds += 2) {
    await setImmediate();
    assert.equal(clock.waiting, 1, `waits at ${seconds} s`);
    if (seconds === 6) beats++;
    clock.advance(2_000);
  }
  assert.deepEqual(
    (await looking).map(({ ownerId }) => ownerId),
    ["beating"],
  );
});

test("a living owner is refused with its process and host, none is not", async () => {
  const clock = new FakeClock();
  await refuseLivingOwners({ host, clock, read: async () => [] });
  await assert.rejects(
    refuseLivingOwners({ host, clock, read: async () => [ownerOf({})] }, "Stop it."),
    (error) =>
      error instanceof StoreInUseError &&
      error.message.includes(`process ${host.pid} on host ${host.name}`) &&
      error.hint === "Stop it.",
  );
});
