import assert from "node:assert/strict";
import { test } from "node:test";
import { InvariantError, MigrationRefusedError, StoreNewerError, StoreOlderError } from "@agentflow/core";
import { type Migration, migrationChecksum, tablesOfSchema } from "./migration.ts";
import { checkApplied, checkTarget, nextMove, refuseNewer, refuseOther } from "./migration-plan.ts";

const first: Migration = { version: 1, name: "runs", up: ["CREATE a"], down: ["DROP a"] };
const second: Migration = {
  version: 2,
  name: "listing",
  up: ["CREATE b"],
  down: { irreversible: "the old rows cannot be told apart" },
};
const migrations = [first, second];

test("each move leads one version nearer to the target, up or down", () => {
  assert.deepEqual(nextMove(migrations, 0, 2), {
    migration: first,
    direction: "up",
    statements: ["CREATE a"],
    reached: 1,
  });
  assert.deepEqual(nextMove(migrations, 1, 2).reached, 2);
  assert.deepEqual(nextMove(migrations, 1, 0), {
    migration: first,
    direction: "down",
    statements: ["DROP a"],
    reached: 0,
  });
});

test("a migration without a way back is refused with its reason", () => {
  assert.throws(
    () => nextMove(migrations, 2, 0),
    (error) => error instanceof MigrationRefusedError && error.message.includes("cannot be told apart"),
  );
});

test("a target that does not exist is refused", () => {
  checkTarget(migrations, 0);
  checkTarget(migrations, 2);
  assert.throws(() => checkTarget(migrations, 3), InvariantError);
  assert.throws(() => checkTarget(migrations, -1), InvariantError);
});

test("a server's schema is served at the version of the program only (STO-2)", () => {
  refuseOther(migrations, 2);
  assert.throws(
    () => refuseOther(migrations, 1),
    (error) => error instanceof StoreOlderError && error.hint.includes("af migrate up"),
  );
  assert.throws(() => refuseOther(migrations, 3), StoreNewerError);
  refuseNewer(migrations, 1);
  assert.throws(() => refuseNewer(migrations, 3), StoreNewerError);
});

test("a database that went through other statements is refused", () => {
  const applied = { version: 1, name: "runs", checksum: migrationChecksum(first), appliedAt: 1 };
  checkApplied(migrations, [applied]);
  checkApplied(migrations, []);
  const edited = { ...applied, checksum: migrationChecksum({ ...first, up: ["CREATE a2"] }) };
  assert.throws(() => checkApplied(migrations, [edited]), MigrationRefusedError);
  assert.throws(() => checkApplied(migrations, [{ ...applied, version: 3 }]), MigrationRefusedError);
});

test("a checksum covers version, name and both ways, not what is said about them", () => {
  const checksum = migrationChecksum(first);
  assert.equal(migrationChecksum({ ...first, loses: "every run" }), checksum);
  for (const change of [{ version: 2 }, { name: "x" }, { up: [] }, { down: [] }])
    assert.notEqual(migrationChecksum({ ...first, ...change }), checksum);
});

test("the tables of a version are those made up to it and not dropped again", () => {
  const list: readonly Migration[] = [
    {
      ...first,
      up: ["CREATE TABLE af_a (x)", "CREATE TABLE IF NOT EXISTS af_b (x)", "CREATE INDEX i ON af_a (x)"],
    },
    { ...second, up: ["DROP TABLE IF EXISTS af_a", "CREATE TABLE af_c (x)"] },
  ];
  assert.deepEqual(
    [0, 1, 2].map((version) => tablesOfSchema(list, version)),
    [[], ["af_a", "af_b"], ["af_b", "af_c"]],
  );
});
