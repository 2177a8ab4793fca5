import assert from "node:assert/strict";
import type { StepView } from "@agentflow/engine";

/**
 * Asserts that the steps came in this order: each entry is a node's name or a step id, and all steps of one come before
 * all steps of the next. Parallel steps count in the order of their keys, which no schedule changes (S3). Throws
 * AssertionError.
 */
export function assertOrder(
  run: { readonly steps: readonly StepView[] },
  ...expected: readonly string[]
): void {
  const steps = run.steps.map(({ stepId }) => stepId);
  const placesOf = (entry: string): number[] =>
    run.steps.flatMap(({ stepId, node }, place) => (stepId === entry || node === entry ? [place] : []));
  let before = { entry: "", last: -1 };
  for (const entry of expected) {
    const places = placesOf(entry);
    const [first] = places;
    if (first === undefined) fail(`No step of ${entry} ran.`, expected, steps);
    if (first <= before.last)
      fail(`${steps[first]} does not come after ${steps[before.last]}.`, expected, steps);
    before = { entry, last: places.at(-1) ?? first };
  }
}

function fail(message: string, expected: readonly string[], actual: readonly string[]): never {
  const listed = actual.length === 0 ? "none" : actual.join(", ");
  throw new assert.AssertionError({
    message: `${message}\nThe order asked for: ${expected.join(", ")}\nThe steps that ran:  ${listed}`,
    actual,
    expected,
    operator: "assertOrder",
  });
}
