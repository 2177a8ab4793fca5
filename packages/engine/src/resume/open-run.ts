import { CrashLoopError, type RunHead, RunStatusError } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { Owner } from "../ownership/owner.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import { RunExecution } from "../run/run-execution.ts";
import type { RunLimits } from "../run/run-limits.ts";
import { originOf, progressOf } from "../run/run-progress.ts";
import { checkVersion } from "./check-version.ts";
import { loadScope } from "./load-scope.ts";
import { migrateRun } from "./migrate-run.ts";
import { readInput } from "./read-input.ts";
import { takenRows } from "./taken-rows.ts";

/** How a stored run is to go on. */
export interface ResumeRequest {
  readonly head: RunHead;
  readonly workflow: CompiledWorkflow;
  readonly limits: RunLimits;
  readonly allowVersionMismatch: boolean;
  /** Hears of the run before anything of it is committed; may throw to refuse it. */
  readonly adopt: (run: RunExecution) => void;
}

/**
 * Takes a stored run and restores it (S10, S19, S20). Rejects with VersionMismatchError, RunStatusError or
 * RunOwnedError before anything changes; a run in a crash loop is failed instead of started. The caller starts it.
 */
export async function openRun(
  request: ResumeRequest,
  owner: Owner,
  environment: RunEnvironment,
): Promise<RunExecution> {
  const { workflow, allowVersionMismatch } = request;
  const { runs } = environment.backend;
  checkStatus(request.head);
  const verdict = await checkVersion(request.head, workflow, runs, allowVersionMismatch);
  const taken = await owner.take(request.head);
  try {
    const head =
      verdict.kind === "migrate"
        ? await migrateRun(taken.head, workflow, verdict.from, environment)
        : taken.head;
    return await restore(request, { ...taken, head }, environment);
  } catch (error) {
    await owner.release(taken.head);
    throw error;
  }
}

async function restore(
  { workflow, limits, adopt }: ResumeRequest,
  { head, isRecovery }: Awaited<ReturnType<Owner["take"]>>,
  environment: RunEnvironment,
): Promise<RunExecution> {
  const { runs } = environment.backend;
  const wasFailed = head.status === "failed";
  const round = head.round + (wasFailed ? 1 : 0);
  // Whoever resumes a failed run has mended it: a new count of crashes begins, as a new round of attempts does.
  const recoveries = wasFailed ? 0 : head.recoveries;
  const values = await readInput(head, runs);
  const { tenant, runId } = head;
  const root = await loadScope({ path: "", workflow, values, parent: undefined, tenant, runId, round, runs });
  const progress = { ...progressOf(head), round, recoveries, status: "running" as const, wakeAt: undefined };
  const parts = { origin: originOf(head), progress, workflow, root, limits, isRestored: true };
  const run = new RunExecution(parts, environment);
  adopt(run);
  environment.outbox.redeliver(run, head.events);
  const open = root.tasks.filter((task) => !root.hasStaged(task)).map((task) => task.stepId);
  const type = isRecovery ? "run.recovered" : "run.resumed";
  const data = JSON.stringify({ from: head.status, steps: open, ...(isRecovery ? { recoveries } : {}) });
  run.log.pending.addMark({ type, at: environment.clock.now(), data, state: undefined, refs: undefined });
  const { recoveriesMax } = environment;
  if (recoveries > recoveriesMax) run.failRun(crashLoop(head, open, recoveriesMax));
  return run;
}

/** Gives a restored run what its inbox holds, and starts what is ready. */
export async function startRun(run: RunExecution, environment: RunEnvironment): Promise<void> {
  const { tenant, runId } = run.origin;
  const { runs, inbox } = environment.backend;
  const rows = await inbox.read(tenant, runId, 0);
  run.listen(rows, await takenRows(run.origin, rows, runs));
  // What came in meanwhile could not be told to a run that did not listen yet.
  run.receive(await inbox.read(tenant, runId, run.parking.inboxSeen));
  run.log.pending.whenAccepted(() => run.dispatch(run.root));
}

function checkStatus(head: RunHead): void {
  if (head.status !== "succeeded" && head.status !== "cancelled") return;
  throw new RunStatusError(`Run ${head.runId} has ${head.status} and cannot go on.`, {
    context: { runId: head.runId, status: head.status },
  });
}

function crashLoop(head: RunHead, steps: readonly string[], recoveriesMax: number): CrashLoopError {
  const message = `Run ${head.runId} took its process down ${head.recoveries} times in a row at ${steps.join(", ")}.`;
  return new CrashLoopError(message, {
    context: { runId: head.runId, steps, recoveries: head.recoveries, recoveriesMax },
  });
}
