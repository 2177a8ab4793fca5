import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphError } from "../index.ts";
import { flow } from "./flow.ts";

test("a flow without a body, with or without a name, is refused with what to give", () => {
  for (const name of ["named", undefined]) {
    assert.throws(
      () => flow(name as string, { version: "1" }, undefined as never),
      (error) => error instanceof GraphError && /has no body: give a function/.test(error.message),
    );
  }
});

test("a flow keeps its schemas, siblings and the input that its run was given", () => {
  const schema = {
    "~standard": { version: 1, vendor: "test", validate: (given: unknown) => ({ value: given }) },
  } as const;
  const plain = flow("plain", { version: "1" }, () => 1);
  const checked = flow(
    "checked",
    {
      version: "1",
      input: schema,
      output: schema,
      siblings: "abort",
      limits: { maxSteps: 5 },
      compensation: { onCancel: true } as never,
    },
    () => 1,
  );
  assert.deepEqual([plain.model.siblings, checked.model.siblings], ["finish", "abort"]);
  assert.deepEqual(plain.model.toState?.(undefined), { input: null });
  assert.deepEqual(plain.model.toResult?.({ output: 3 }), 3);
  assert.equal(checked.model.limits.maxSteps, 5);
});
