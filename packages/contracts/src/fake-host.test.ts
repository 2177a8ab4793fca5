import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, FakeProcesses } from "./fake-host.ts";

test("a process that died is gone for others of its machine, a reused pid is not it", () => {
  const processes = new FakeProcesses();
  const first = new FakeHost({ pid: 7, processStart: "1", processes });
  const second = new FakeHost({ pid: 8, processStart: "1", processes });
  assert.equal(second.isAlive(7, "1"), true);
  assert.equal(second.isAlive(7, "2"), false);
  first.die();
  assert.equal(second.isAlive(7, "1"), false);
});

test("ids are new, sorted and the same for the same host", () => {
  const ids = (host: FakeHost) => [host.newId(), host.newId(), host.newId()];
  const made = ids(new FakeHost());
  assert.deepEqual(ids(new FakeHost()), made);
  assert.deepEqual([...new Set(made)].sort(), made);
  assert.notEqual(new FakeHost({ pid: 9 }).newId(), made[0]);
});
