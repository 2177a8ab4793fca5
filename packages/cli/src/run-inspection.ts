import type { Failure } from "@agentflow/core";
import type { Engine } from "@agentflow/runtime";
import { failurePlace, type RunReport, runReport } from "./run-report.ts";
import { saidIn, saidTypes } from "./run-said.ts";

const wanted: ReadonlySet<string> = new Set(["step.succeeded", "step.failed", ...saidTypes]);

/** What is known about a stored run: the report, and the failure itself for people. */
export interface Inspection {
  readonly report: RunReport;
  readonly failure: Failure | undefined;
}

/** Reads a stored run; needs neither its workflow's code nor its owner. */
export async function inspectRun(engine: Engine, runId: string): Promise<Inspection> {
  const view = await engine.inspect(runId);
  const { failure, eventsByType } = view;
  const isTold = failure !== undefined || saidTypes.some((type) => eventsByType[type] !== undefined);
  if (!isTold || view.head.historyRemovedAt !== undefined) return { report: runReport(view, {}), failure };
  const events = [];
  for await (const event of engine.events(runId, { follow: false })) {
    if ("seq" in event && wanted.has(event.type)) events.push(event);
  }
  const failed = failure && failurePlace(events, view.state);
  return { report: runReport(view, { failed, said: saidIn(events) }), failure };
}
