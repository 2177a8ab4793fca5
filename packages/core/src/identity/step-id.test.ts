import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ValidationError } from "../errors/validation-error.ts";
import { formatStepId, parseStepId } from "./step-id.ts";

const seed = 20_261_120;

test("step ids read as scope/n.node[item] (S3)", () => {
  assert.equal(formatStepId({ scope: "", superstep: 3, node: "read", item: 2 }), "3.read[2]");
  assert.equal(formatStepId({ scope: "3.child[0]", superstep: 1, node: "plan" }), "3.child[0]/1.plan");
  assert.deepEqual(parseStepId("3.child[0]/1.v1.2"), { scope: "3.child[0]", superstep: 1, node: "v1.2" });
});

const local = fc.record(
  {
    superstep: fc.nat({ max: 0xffffffff }),
    node: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
    item: fc.nat(),
  },
  { requiredKeys: ["superstep", "node"] },
);

test("every step id parses back to its position, at every depth", () => {
  fc.assert(
    fc.property(fc.array(local, { minLength: 1, maxLength: 5 }), (path) => {
      let scope = "";
      for (const step of path) {
        const position = { scope, ...step };
        const stepId = formatStepId(position);
        assert.deepEqual(parseStepId(stepId), position);
        scope = stepId;
      }
    }),
    { seed, numRuns: 500 },
  );
});

test("a text that is no step id is refused, also in its scope", () => {
  const wrong = [
    "",
    "read",
    "3",
    "3.",
    "03.read",
    "3.read[",
    "3.read[01]",
    "3.read[-1]",
    "3.-a",
    "x/3.read",
    "/3.read",
  ];
  for (const stepId of [...wrong, "3.read/", "3.read[2]x", `3.${"a".repeat(65)}`, "99999999999.a"]) {
    assert.throws(
      () => parseStepId(stepId),
      (error: unknown) => error instanceof ValidationError && error.code === "AF_STEP_ID",
      stepId,
    );
  }
});
