import assert from "node:assert/strict";
import type { TestedRun } from "../run/tested-run.ts";

/**
 * Asserts that these steps were undone, in this order, and no others: each entry is the name of a node or of a call of a
 * flow. Throws AssertionError.
 */
export function assertUndone(run: Pick<TestedRun, "undone">, ...expected: readonly string[]): void {
  const actual = run.undone.map(({ node }) => node);
  const isSame = actual.length === expected.length && actual.every((node, place) => node === expected[place]);
  if (isSame) return;
  const listed = (nodes: readonly string[]): string => (nodes.length === 0 ? "none" : nodes.join(", "));
  throw new assert.AssertionError({
    message: `The steps that were undone: ${listed(actual)}\nThose that were to be:       ${listed(expected)}`,
    actual,
    expected,
    operator: "assertUndone",
  });
}
