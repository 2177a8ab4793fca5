import type { Failure } from "@agentflow/core";
import type { Engine } from "@agentflow/runtime";
import { failurePlace, type RunReport, runReport } from "./run-report.ts";

const outcomes: ReadonlySet<string> = new Set(["step.succeeded", "step.failed"]);

/** What is known about a stored run: the report, and the failure itself for people. */
export interface Inspection {
  readonly report: RunReport;
  readonly failure: Failure | undefined;
}

/** Reads a stored run; needs neither its workflow's code nor its owner. */
export async function inspectRun(engine: Engine, runId: string): Promise<Inspection> {
  const view = await engine.inspect(runId);
  if (view.failure === undefined)
    return { report: runReport(view, undefined, undefined), failure: undefined };
  const events = [];
  for await (const event of engine.events(runId)) {
    if ("seq" in event && outcomes.has(event.type)) events.push(event);
  }
  return {
    report: runReport(view, view.failure, failurePlace(events, view.state)),
    failure: view.failure,
  };
}
