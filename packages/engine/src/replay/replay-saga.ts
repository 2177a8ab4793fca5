import { Blobs } from "../resume/blobs.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import type { CompensatingData, CompletedStep } from "../saga/compensation.ts";
import { sagaStep } from "../saga/saga-step.ts";
import { replayFlow } from "./replay-flow.ts";
import type { Replay } from "./replay-scope.ts";
import { replayStep } from "./replay-step.ts";

/** Executes the compensations of a run again on their journals, in the order in which they were made (S25). */
export async function replaySaga(
  replay: Replay,
  root: ScopeExecution,
  { data, steps }: { readonly data: CompensatingData; readonly steps: readonly CompletedStep[] },
): Promise<void> {
  const { head, environment, trap } = replay;
  const { tenant, runId, round } = head;
  const { runs } = environment.backend;
  const { onFailure = "continue" } = root.workflow.model.compensation ?? {};
  const task = sagaStep({ superstep: data.superstep, attempt: round + 1, steps, onFailure });
  const record = await runs.readScope({ tenant, runId, scope: task.stepId, from: "start" });
  const own = await runs.readScope({ tenant, runId, scope: "", from: "start" });
  const journal = own.journal.filter((row) => row.superstep === data.superstep);
  const blobs = await Blobs.of(
    { tenant, runId, runs },
    { ...record, journal: [...record.journal, ...journal] },
  );
  await replayFlow(replay, root, {
    task,
    outcome: undefined,
    journal,
    failedAttempts: round + 1,
    record,
    blobs,
    replay: async (calls, step) => {
      await replayStep(head, calls, step, { trap });
      replay.steps++;
    },
  });
}
