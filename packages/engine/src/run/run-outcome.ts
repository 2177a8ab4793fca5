import type { Failure } from "@agentflow/core";
import type { CompensationReport } from "../saga/compensation.ts";

/** How a run stopped in this process. `parked` and `fenced` tell of the process, the others of the run. */
export type RunOutcome =
  | { readonly status: "succeeded"; readonly state: object }
  | {
      readonly status: "failed";
      readonly error: Error;
      readonly failure: Failure;
      readonly others: readonly Failure[];
      /** What became of its compensation, if completed steps had to be undone. */
      readonly compensation?: CompensationReport;
    }
  | { readonly status: "waiting"; readonly steps: readonly string[] }
  | { readonly status: "cancelled"; readonly compensation?: CompensationReport }
  | { readonly status: "paused" | "parked" }
  | { readonly status: "fenced"; readonly error: Error };
