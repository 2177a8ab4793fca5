import type { DatasetModel } from "../model/dataset-model.ts";
import type { Pattern, PatternParameters } from "../plan/patterns.ts";
import type { Question } from "../plan/question.ts";

const placesMax = 20;

/** A question with a usual grouping, where a filter, another grouping and a number of rows may be given. */
function ready(
  describes: string,
  asked: { readonly measures: readonly string[]; readonly by: readonly string[]; readonly order?: string },
): Pattern {
  const question = (_: DatasetModel, { by = asked.by, where, top }: PatternParameters): Question => ({
    measures: asked.measures,
    by,
    ...(where === undefined ? {} : { where }),
    ...(asked.order === undefined ? {} : { order: [asked.order], limit: top ?? placesMax }),
  });
  return { describes, question };
}

/** The ready questions about the platform's own history (OLP-31). */
export const runsPatterns = {
  cost: ready("What model calls cost in US dollars, by day, workflow and model.", {
    measures: ["cost"],
    by: ["date", "tenant", "workflow", "model"],
  }),
  estimates: ready(
    "What calls cost against what was expected of them; above 1 they cost more. Calls without an estimate are left out.",
    { measures: ["estimated_cost", "estimate", "cost_per_estimate"], by: ["workflow", "model"] },
  ),
  latency: ready("How long the last attempt of a step takes, as percentiles by node.", {
    measures: ["steps", "step_p50_ms", "step_p95_ms", "step_p99_ms"],
    by: ["workflow", "path"],
    order: "-step_p95_ms",
  }),
  retries: ready("The nodes with the most retries, and what share of their attempts these are.", {
    measures: ["retries", "failures", "attempts", "retry_rate"],
    by: ["workflow", "path"],
    order: "-retries",
  }),
  failures: ready("The nodes and failures that occur most in attempts.", {
    measures: ["failures", "steps"],
    by: ["workflow", "path", "step_failure"],
    order: "-failures",
  }),
  outcomes: ready("How many runs end how, by day and workflow.", {
    measures: ["runs"],
    by: ["date", "workflow", "status", "failure"],
  }),
  cache: ready("What share of what was asked the caches have answered, by node.", {
    measures: ["cache_hit_rate", "cache_hits", "cache_asked"],
    by: ["workflow", "path"],
    order: "-cache_asked",
  }),
  "slowest-steps": ready("The steps that took longest, with their runs.", {
    measures: ["longest_ms"],
    by: ["step_run", "step", "workflow"],
    order: "-longest_ms",
  }),
  "week-over-week": {
    describes: "A measure by week with its growth since the week before; runs if no measure is given.",
    question: (_: DatasetModel, { measure = "runs", by = [], where }: PatternParameters): Question => ({
      measures: [measure],
      by: [...by, "week"],
      windows: { growth: { kind: "growth", of: measure, along: "week", step: 7 } },
      ...(where === undefined ? {} : { where }),
    }),
  },
} as const satisfies Record<string, Pattern>;
