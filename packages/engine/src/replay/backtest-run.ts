import {
  type Failure,
  finishedStatuses,
  formatStepId,
  type RunHead,
  type RunStatus,
  toFailure,
  withoutStack,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { compareVersion } from "../resume/check-version.ts";
import { planMigration } from "../resume/migrate-run.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import { debugStep } from "./debug-step.ts";
import type { Divergence } from "./divergence.ts";
import { replayRun } from "./replay-run.ts";

/**
 * What would become of a stored run under other code. `same`: it replays to the same bytes, and its open steps go on where
 * they are. `migrates`: its state is turned into one of this version when it is resumed. `diverges`: a step gives something
 * else. `refused`: it could not be resumed. `unchecked`: its history was removed.
 */
export type BacktestVerdict = "same" | "migrates" | "diverges" | "refused" | "unchecked";

/** One run against the code in hand. */
export interface Backtest {
  readonly runId: string;
  readonly status: RunStatus;
  readonly verdict: BacktestVerdict;
  /** Committed steps that were executed again. */
  readonly steps: number;
  /** The first difference, for `diverges`. */
  readonly divergence: Divergence | undefined;
  /** Why it would be refused. */
  readonly failure: Failure | undefined;
}

type Environment = Pick<RunEnvironment, "backend">;

/**
 * Holds a stored run, finished or in flight, against a workflow before that is deployed (ENG-54): nothing outside is
 * called and nothing is stored.
 */
export async function backtestRun(
  head: RunHead,
  workflow: CompiledWorkflow,
  environment: Environment,
): Promise<Backtest> {
  const { runId, status } = head;
  const told = { runId, status, steps: 0, divergence: undefined, failure: undefined };
  if (head.historyRemovedAt !== undefined) return { ...told, verdict: "unchecked" };
  const isInFlight = !finishedStatuses.some((finished) => finished === status) || status === "failed";
  if (isInFlight) {
    const resumed = await resumable(head, workflow, environment);
    if (resumed.kind === "refused") return { ...told, verdict: "refused", failure: resumed.failure };
    if (resumed.kind === "migrates") return { ...told, verdict: "migrates" };
  }
  const report = await replayRun({ head, workflow, options: {}, environment });
  const { steps } = report;
  const divergence =
    report.divergence ?? (isInFlight ? await openSteps(head, workflow, environment) : undefined);
  return { ...told, steps, divergence, verdict: divergence === undefined ? "same" : "diverges" };
}

type Resumable =
  | { readonly kind: "goesOn" | "migrates" }
  | { readonly kind: "refused"; readonly failure: Failure };

/** Whether the run could be resumed, and what its migration would do. */
async function resumable(
  head: RunHead,
  workflow: CompiledWorkflow,
  environment: Environment,
): Promise<Resumable> {
  try {
    const verdict = await compareVersion(head, workflow, environment.backend.runs);
    if (verdict.kind === "goOn") return { kind: "goesOn" };
    await planMigration(head, workflow, verdict.from, environment);
    return { kind: "migrates" };
  } catch (error) {
    // What `migrate` throws is what a resume would throw.
    return { kind: "refused", failure: withoutStack(toFailure(error)) };
  }
}

/** Steps without an outcome, which a resume executes again on their journal, as far as that goes. */
async function openSteps(
  head: RunHead,
  workflow: CompiledWorkflow,
  { backend }: Environment,
): Promise<Divergence | undefined> {
  const open = new Map<string, boolean>();
  for await (const record of readAllRecords(head, backend.runs)) {
    if (record.kind === "mark") continue;
    const { scope, superstep, node, item } = record.row;
    const stepId = formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
    // An attempt that failed is taken as recorded: whoever mends it wants it to end otherwise (S25).
    if (record.kind === "journal") open.set(stepId, true);
    else open.delete(stepId);
  }
  for (const step of open.keys()) {
    const { divergence } = await debugStep(head, { step, workflow }, backend.runs);
    if (divergence !== undefined) return divergence;
  }
  return undefined;
}
