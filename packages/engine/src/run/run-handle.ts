import {
  CancelledError,
  EngineClosedError,
  InterruptedError,
  type RunEvent,
  RunStatusError,
} from "@agentflow/core";
import type { RunOutcome } from "./run-outcome.ts";

/** A run as its caller holds it. `State` is the state its workflow ends with. */
export interface Run<State extends object = object> {
  readonly runId: string;
  /**
   * The final state. Rejects with the error the run failed with, InterruptedError when it waits for an answer,
   * CancelledError, EngineClosedError when it was parked, or FencedError when another process took it.
   */
  result(): Promise<State>;
  /** How the run stopped in this process; never rejects. */
  settled(): Promise<RunOutcome>;
  /** Record and live events, from the start or after a seq; ends when the run stops here. */
  events(options?: { readonly after?: number; readonly follow?: boolean }): AsyncIterable<RunEvent>;
  /** Stops the run in this process; any process can resume it. */
  park(): Promise<void>;
  /**
   * Ends the run as cancelled; its running attempts are revoked. One that has stopped here, to wait for example, ends so
   * when it is resumed.
   */
  cancel(): Promise<void>;
}

/** The result that an outcome stands for; throws what `Run.result` rejects with. */
export function resultOf<State extends object>(runId: string, outcome: RunOutcome): State {
  switch (outcome.status) {
    case "succeeded":
      // A plain object, so that it prints, spreads and compares like any other.
      return Object.freeze({ ...outcome.state }) as State;
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
