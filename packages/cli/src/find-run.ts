import { type RunHead, RunNotFoundError, type RunStore, UsageError } from "@agentflow/core";

// A beginning of an id is meant for runs that somebody has just seen; older ones go by their whole id.
const searchedMax = 1_000;

function notFound(given: string, hint?: string): RunNotFoundError {
  const message = given === "last" ? "The store holds no run." : `There is no run ${given}.`;
  return new RunNotFoundError(message, { hint, context: { runId: given } });
}

/**
 * Finds the run that a person means: its whole id, `last` for the newest, or a beginning that only one of the newest
 * 1000 runs has. Throws RunNotFoundError, or UsageError if several fit.
 */
export async function findRun(runs: RunStore, tenant: string, given: string): Promise<RunHead> {
  if (given === "last") {
    const [newest] = await runs.listRuns({ tenant, limit: 1 });
    if (newest === undefined) throw notFound(given);
    return newest;
  }
  const exact = await runs.readHead(tenant, given);
  if (exact !== undefined) return exact;
  const newest = await runs.listRuns({ tenant, limit: searchedMax });
  const fitting = given === "" ? [] : newest.filter((head) => head.runId.startsWith(given));
  if (fitting.length > 1) {
    const some = fitting.slice(0, 3).map((head) => head.runId);
    throw new UsageError(`${fitting.length} runs begin with ${given}.`, {
      hint: `Write more of the id: ${some.join(", ")}${fitting.length > 3 ? ", ..." : ""}`,
    });
  }
  if (fitting[0] === undefined) throw notFound(given);
  return fitting[0];
}
