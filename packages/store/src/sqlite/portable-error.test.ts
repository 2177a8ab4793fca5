import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BackupInvalidError,
  InvariantError,
  MigrationRefusedError,
  RunNotFoundError,
  StoreCorruptError,
  StoreFailedError,
  StoreFullError,
  StoreLockedError,
  StoreNewerError,
  StoreReadOnlyError,
  StoreUnavailableError,
  ValidationError,
} from "@agentflow/core";
import { fromPortable, toPortable } from "./portable-error.ts";

const details = { hint: "mend it", context: { path: "x.db" }, cause: new Error("disk") };
const errors = [
  new StoreCorruptError("a", details),
  new StoreReadOnlyError("b", details),
  new StoreFullError("c", details),
  new StoreLockedError("d", details),
  new StoreUnavailableError("e", details),
  new StoreNewerError("f", details),
  new StoreFailedError("g", details),
  new RunNotFoundError("h", details),
  new ValidationError("AF_ARGUMENT_INVALID", "i", details),
  new InvariantError("j", details),
  new BackupInvalidError("k", details),
  new MigrationRefusedError("l", details),
];

for (const error of errors) {
  test(`a ${error.name} is the same after crossing a thread`, () => {
    const back = fromPortable(structuredClone(toPortable(error)));
    assert.equal(back.constructor, error.constructor);
    const { code, message, hint, context } = error;
    assert.deepEqual(
      { code: back.code, message: back.message, hint: back.hint, context: back.context },
      { code, message, hint, context },
    );
    assert.match(String((back.cause as Error).message), /disk/);
  });
}

test("any other error becomes a typed one that keeps its text", () => {
  const back = fromPortable(structuredClone(toPortable(new RangeError("too far"))));
  assert.ok(back instanceof StoreFailedError);
  assert.match(back.message, /too far/);
});
