import type { Failure } from "@agentflow/core";

/** How a run stopped in this process. `parked` and `fenced` tell of the process, the others of the run. */
export type RunOutcome =
  | { readonly status: "succeeded"; readonly state: object }
  | {
      readonly status: "failed";
      readonly error: Error;
      readonly failure: Failure;
      readonly others: readonly Failure[];
    }
  | { readonly status: "waiting"; readonly steps: readonly string[] }
  | { readonly status: "paused" | "cancelled" | "parked" }
  | { readonly status: "fenced"; readonly error: Error };
