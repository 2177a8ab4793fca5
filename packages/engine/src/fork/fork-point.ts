import {
  closestName,
  eventCount,
  ForkPointError,
  parseStepId,
  type RunHead,
  type RunStore,
  ValidationError,
} from "@agentflow/core";
import { type Checkpoint, readCheckpoints } from "../inspect/history.ts";
import { readAllRecords } from "../resume/read-all-records.ts";

/** Where a run is forked: behind a seal of a scope, or at its start (S23). */
export interface ForkPoint {
  /** "" for the root, else the step id of the nested workflow. */
  readonly scope: string;
  /** The superstep that the seal ended; -1 at the start. The one after it runs again. */
  readonly superstep: number;
  /** The fork takes over the record events up to this one. */
  readonly event: number;
}

/**
 * Finds the point that `at` means: of a step, the seal before it; of a number, the checkpoint with that event, or the
 * start for 1. The first step of a nested workflow, and every call of a flow, goes back to the seal before the step that opened it. Rejects with
 * ForkPointError if the run has no such step or checkpoint.
 */
export async function findForkPoint(head: RunHead, at: string | number, runs: RunStore): Promise<ForkPoint> {
  const { checkpoints, steps } = await readCheckpoints(head, runs);
  if (typeof at === "number") return pointAtEvent(head, at, checkpoints);
  if (typeof at !== "string")
    throw new ValidationError(
      "AF_ARGUMENT_INVALID",
      "`at` names a step by its id, or a checkpoint by its event.",
    );
  if (!steps.has(at)) throw noSuchStep(head, at, steps);
  for (let { scope, superstep } = parseStepId(at); ; { scope, superstep } = parseStepId(scope)) {
    const isSealed = scope === "" || checkpoints.some((point) => point.scope === scope);
    // A flow seals nothing: its calls go back to the flow itself, as first steps of nested workflows do.
    if (superstep > 0 && isSealed) return sealBefore(head, { scope, superstep }, checkpoints, runs);
    if (scope === "") return startOf(checkpoints);
  }
}

function pointAtEvent(head: RunHead, event: number, checkpoints: readonly Checkpoint[]): ForkPoint {
  if (event === 1) return startOf(checkpoints);
  const found = checkpoints.findLast((checkpoint) => checkpoint.event === event);
  if (found !== undefined && found.next.length > 0) return found;
  const open = checkpoints.filter(({ next }) => next.length > 0).map((checkpoint) => checkpoint.event);
  const nearest = [1, ...open].toSorted((a, b) => Math.abs(a - event) - Math.abs(b - event)).slice(0, 3);
  const why = found === undefined ? "is no checkpoint of" : "ends a scope of";
  throw new ForkPointError(
    `Event ${event} ${why} run ${head.runId}: the nearest are ${nearest.join(", ")}.`,
    {
      context: { runId: head.runId, event, nearest },
    },
  );
}

/** A fork of the start may itself have been patched. */
function startOf(checkpoints: readonly Checkpoint[]): ForkPoint {
  return (
    checkpoints.findLast(({ scope, superstep }) => scope === "" && superstep === -1) ?? {
      scope: "",
      superstep: -1,
      event: 1,
    }
  );
}

async function sealBefore(
  { tenant, runId }: RunHead,
  step: { readonly scope: string; readonly superstep: number },
  checkpoints: readonly Checkpoint[],
  runs: RunStore,
): Promise<ForkPoint> {
  const { scope } = step;
  const superstep = step.superstep - 1;
  const found = checkpoints.findLast((point) => point.scope === scope && point.superstep === superstep);
  if (found !== undefined) return found;
  // A seal that was tried again after a resume is in a snapshot and on no row.
  const { snapshot } = await runs.readScope({ tenant, runId, scope, from: "snapshot", upTo: superstep });
  if (snapshot?.superstep === superstep) {
    const event = await lastEventBefore({ tenant, runId }, step, runs);
    return { scope, superstep, event };
  }
  throw new ForkPointError(`Run ${runId} has no seal before superstep ${step.superstep} of "${scope}".`, {
    context: { runId, ...step },
  });
}

/** The event before the first row of a superstep; a commit may hold rows of several. */
async function lastEventBefore(
  run: Pick<RunHead, "tenant" | "runId">,
  { scope, superstep }: { readonly scope: string; readonly superstep: number },
  runs: RunStore,
): Promise<number> {
  let last = 0;
  for await (const record of readAllRecords(run, runs)) {
    const { kind, row } = record;
    if (kind !== "mark" && row.scope === scope && row.superstep === superstep) break;
    last = row.event + eventCount(record) - 1;
  }
  return last;
}

function noSuchStep({ runId }: RunHead, at: string, steps: ReadonlySet<string>): ForkPointError {
  const near = closestName(at, steps);
  const hint = near === undefined ? undefined : `Did you mean ${near}?`;
  return new ForkPointError(`Run ${runId} has no step ${at}.`, { hint, context: { runId, step: at } });
}
