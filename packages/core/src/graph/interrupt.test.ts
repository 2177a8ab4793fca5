import assert from "node:assert/strict";
import { test } from "node:test";
import type { StandardSchema } from "../state/standard-schema.ts";
import { interrupt } from "./interrupt.ts";

test("an interrupt is declared with a name and, where given, the schemas of question and answer", () => {
  const schema: StandardSchema<unknown, string> = {
    "~standard": { version: 1, vendor: "test", validate: (text) => ({ value: String(text) }) },
  };
  assert.deepEqual(interrupt("approve"), { kind: "interrupt", name: "approve" });
  const declared = interrupt("approve", { ask: schema, answer: schema });
  assert.deepEqual(declared, { kind: "interrupt", name: "approve", ask: schema, answer: schema });
  assert.ok(Object.isFrozen(declared));
});
