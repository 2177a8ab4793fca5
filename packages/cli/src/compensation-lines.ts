import type { StoredCompensation } from "@agentflow/runtime";
import { formatCount } from "./terminal/format-count.ts";

/** What people read of a run whose completed steps are undone, or were; nothing for any other. */
export function compensationLines(compensation: StoredCompensation | undefined): string[] {
  if (compensation === undefined) return [];
  const { data, report } = compensation;
  const cause = data.after === "failed" ? "it failed" : "it was cancelled";
  if (report === undefined) return [`its completed steps are being undone, because ${cause}`];
  const { compensated, failed } = report;
  return [
    `${formatCount(compensated, "step")} undone, because ${cause}`,
    ...failed.map(
      ({ stepId, failure }) =>
        `step ${stepId || "?"} could not be undone: ${failure.code} ${failure.message}`,
    ),
  ];
}
