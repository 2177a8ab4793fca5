import type { Failure, RunHead, StoreBackend } from "@agentflow/core";
import type { Engine } from "@agentflow/runtime";
import { failurePlace, type RunReport, runReport } from "./run-report.ts";
import { storedEvents } from "./stored-events.ts";

/** What is known about a stored run: the report, and the failure itself for people. */
export interface Inspection {
  readonly report: RunReport;
  readonly failure: Failure | undefined;
}

/** Reads a stored run; needs neither its workflow's code nor its owner. */
export async function inspectRun(engine: Engine, store: StoreBackend, head: RunHead): Promise<Inspection> {
  const view = await engine.inspect(head.runId);
  if (view.failure === undefined)
    return { report: runReport(view, undefined, undefined), failure: undefined };
  const events = [];
  for await (const event of storedEvents({ runs: store.runs, head, from: 1 })) {
    if (event.type === "step.succeeded" || event.type === "step.failed") events.push(event);
  }
  return {
    report: runReport(view, view.failure, failurePlace(events, view.state)),
    failure: view.failure,
  };
}
