import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "../errors/validation-error.ts";
import { custom } from "./custom.ts";
import type { StandardSchema } from "./standard-schema.ts";

const votes = custom<Record<string, number>, string>({
  id: "votes@1",
  initial: {},
  reduce: (counted, name) => ({ ...counted, [name]: (counted[name] ?? 0) + 1 }),
});

test("a custom reducer folds with its own function and is known by its id (S19)", () => {
  assert.deepEqual(votes.reduce(votes.reduce({}, "yes"), "yes"), { yes: 2 });
  assert.deepEqual(votes.reduce(undefined, "no"), { no: 1 });
  assert.deepEqual(
    [votes.kind, votes.reducerId, votes.conflicts, votes.presence, votes.initial],
    ["custom", "votes@1", "never", "optional", {}],
  );
});

test("what a custom reducer returns is frozen, and refused when it is not JSON", () => {
  assert.ok(Object.isFrozen(votes.reduce({}, "yes")));
  const broken = custom<unknown, number>({ id: "broken@1", initial: null, reduce: () => new Date(0) });
  assert.throws(
    () => broken.reduce(null, 1),
    (error: unknown) => error instanceof ValidationError && error.message.includes("broken@1"),
  );
});

test("value and delta of a custom reducer are JSON as they are, and a schema may check the value", () => {
  const schema: StandardSchema<unknown, number> = {
    "~standard": { version: 1, vendor: "test", validate: (number) => ({ value: Number(number) }) },
  };
  const field = custom<number, number>({
    id: "last@1",
    initial: 0,
    reduce: (_current, delta) => delta,
    schema,
  });
  assert.equal(field.schema, schema);
  assert.equal(Object.hasOwn(votes, "schema"), false);
  assert.deepEqual([field.encode(2), field.decode(2)], [2, 2]);
});
