import {
  CancelledError,
  EngineClosedError,
  InterruptedError,
  RunStatusError,
  type WorkflowModel,
} from "@agentflow/core";
import type { HeldRun } from "../hold/held-run.ts";
import type { EventsOptions, StreamItem, StreamMode, UsualModes } from "../streams/stream-options.ts";
import type { ParkOptions } from "./drain.ts";
import type { RunOutcome } from "./run-outcome.ts";

/** A run as its caller holds it. `Result` is the state its workflow ends with, or what its flow returns. */
export interface Run<Result = unknown, State extends object = object> {
  readonly runId: string;
  /**
   * The final state, or what a flow returned. Rejects with the error the run failed with, InterruptedError when it waits
   * for an answer, CancelledError, EngineClosedError when it was parked, or FencedError when another process took it.
   */
  result(): Promise<Result>;
  /** How the run stops, or has stopped, also if it rested or went on elsewhere meanwhile; never rejects. */
  settled(): Promise<RunOutcome>;
  /**
   * What happens in the run, by the modes asked for: record and live events unless told otherwise. Ends when the run stops
   * here, or, executed elsewhere, has ended. Each call is a reader of its own; leaving the loop frees all it holds. Throws
   * ValidationError for options; the stream rejects with CursorError, or StreamOverflowError where that was asked for.
   */
  events<Mode extends StreamMode = UsualModes>(
    options?: EventsOptions<Mode>,
  ): AsyncGenerator<StreamItem<State, Mode>, void, void>;
  /** Stops the run in this process, at once or when its running attempts have ended; any process can resume it. */
  park(options?: ParkOptions): Promise<void>;
  /**
   * Ends the run as cancelled; its running attempts are revoked. One that was paused or parked ends so when it is
   * resumed.
   */
  cancel(): Promise<void>;
}

/** How a run stopped that another resume can take up: cancelling it is a request to whoever does. */
const canGoOn: ReadonlySet<RunOutcome["status"]> = new Set(["waiting", "paused", "parked"] as const);

/** A handle on a run. */
export function runHandle<Result, State extends object>(
  held: HeldRun,
  engine: {
    readonly events: Run<Result, State>["events"];
    readonly park: Run["park"];
    /** Asks whoever has the run to cancel it. */
    readonly cancel: () => Promise<void>;
  },
): Run<Result, State> {
  const { runId } = held;
  return {
    runId,
    result: async () => resultOf<Result>(runId, await held.settled(), held.workflow.model),
    settled: () => held.settled(),
    events: engine.events,
    park: (options = {}) => engine.park(options),
    cancel: async () => {
      held.execution?.stop({ type: "run.cancelled" });
      const outcome = held.execution === undefined ? held.outcome : await held.settled();
      if (outcome === undefined || canGoOn.has(outcome.status)) await engine.cancel();
    },
  };
}

/** The result that an outcome stands for; throws what `Run.result` rejects with. */
function resultOf<Result>(
  runId: string,
  outcome: RunOutcome,
  { toResult }: Pick<WorkflowModel, "toResult">,
): Result {
  switch (outcome.status) {
    case "succeeded":
      // A plain object, so that it prints, spreads and compares like any other.
      return (
        toResult === undefined ? Object.freeze({ ...outcome.state }) : toResult(outcome.state)
      ) as Result;
    case "failed":
    case "fenced":
      throw outcome.error;
    case "waiting":
      throw new InterruptedError(`Run ${runId} waits for the outside at ${outcome.steps.join(", ")}.`, {
        context: { runId, steps: [...outcome.steps] },
      });
    case "cancelled":
      throw new CancelledError(`Run ${runId} was cancelled.`, { context: { runId } });
    case "parked":
      throw new EngineClosedError(`Run ${runId} was parked before it ended.`, { context: { runId } });
    case "paused":
      throw new RunStatusError(`Run ${runId} is paused.`, { context: { runId, status: "paused" } });
  }
}
