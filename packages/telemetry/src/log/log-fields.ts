import type { Json } from "@agentflow/core";

/**
 * The fields of log lines (OBS-3), what each holds, and no other names: one idea has one name in every line of every
 * part, so that logs can be searched, and joined with traces by `trace_id` and `span_id`. A test holds the code to it.
 */
export const logFields = {
  severity: "How bad it is: DEBUG, INFO, WARN or ERROR.",
  time: "When it was written: ISO 8601, UTC.",
  msg: "What happened, for people.",
  event_type: "What happened, for programs: the type of a record event.",
  tenant_id: "The tenant that it belongs to.",
  run_id: "The run.",
  workflow_id: "The name of the workflow.",
  version: "The version of the workflow.",
  step_id: "The step.",
  node_id: "The node that the step executes.",
  attempt: "The number of the attempt, from 1.",
  plan_id: "The plan that the run carries out.",
  message_id: "The message that is handled.",
  trace_id: "The trace (W3C Trace Context).",
  span_id: "The span.",
  seq: "The number of the record event in its run.",
  epoch: "The number of the owner that committed it.",
  duration_ms: "How long it took, in milliseconds.",
  name: "The name of what is told of: a call, a timer, a signal.",
  path: "The path of an artifact.",
  sha256: "The content of an artifact.",
  reason: "Why it happened.",
  error_code: "The code of what went wrong.",
  error: "What went wrong, for people.",
} as const;

/** The name of a field of a log line. */
export type LogFieldName = keyof typeof logFields;

/** What a line tells beside its severity, time and message. */
export type LogFields = Readonly<Partial<Record<Exclude<LogFieldName, "severity" | "time" | "msg">, Json>>>;
