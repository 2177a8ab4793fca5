import assert from "node:assert/strict";
import type { ReplayReport } from "@agentflow/engine";

/**
 * Asserts that the run's committed steps, executed again on their journal, give the same bytes (S25): that its nodes
 * read nothing but their arguments and `ctx`. Throws AssertionError with the first step and field that differ.
 */
export async function assertReplays(run: { replay(): Promise<ReplayReport> }): Promise<void> {
  const { runId, divergence } = await run.replay();
  if (divergence === undefined) return;
  const { stepId, field, expected, actual } = divergence;
  throw new assert.AssertionError({
    message:
      `Run ${runId} does not replay: ${stepId} differs in ${field}.\n` +
      `  recorded ${JSON.stringify(expected)}\n  replayed ${JSON.stringify(actual)}\n` +
      "Read time, random numbers and the outside by ctx (now, rng, uuid, io), and keep nothing between steps but state.",
    expected,
    actual,
    operator: "assertReplays",
  });
}
