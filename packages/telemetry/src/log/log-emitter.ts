import { dataOf, type Emitter, type EventLevel, type RecordEvent } from "@agentflow/core";
import { BoundedMap } from "../run-events/bounded-map.ts";
import type { LogFieldName, LogFields } from "./log-fields.ts";
import { isLogged, type Logger } from "./logger.ts";

/** Options of a log emitter. */
export interface LogEmitterOptions {
  /** Events below this level are not logged. Default: INFO. */
  readonly level?: EventLevel;
  /** The tenant of the engine that it belongs to; lines have none without. */
  readonly tenant?: string;
}

/** Runs whose trace is remembered; of an older one lines have no `trace_id` any more. */
const tracedRunsMax = 10_000;

/**
 * Logs record events: the type as message, with run, step, node, attempt, duration and failure, never state (RUN-3). Lines
 * of a run that was started with tracing have its `trace_id`, if its start came by here.
 */
export function logEmitter(logger: Logger, options: LogEmitterOptions = {}): Emitter {
  const { level: least = "INFO", tenant } = options;
  const traces = new BoundedMap<string, string | undefined>(tracedRunsMax);
  return {
    name: "log",
    emit: (events) => {
      for (const event of events) {
        if (event.type === "run.started") traces.getOr(event.runId, () => traceOf(event));
        if (!isLogged(event.level, least)) continue;
        const trace = traces.getOr(event.runId, () => undefined);
        logger.log(event.level, event.type, {
          ...(tenant === undefined ? {} : { tenant_id: tenant }),
          ...fieldsOf(event),
          ...(trace === undefined ? {} : { trace_id: trace }),
        });
      }
    },
  };
}

/** What of an event's data is logged, and as which field. */
const shown = {
  workflow: "workflow_id",
  version: "version",
  node: "node_id",
  attempt: "attempt",
  durationMs: "duration_ms",
  name: "name",
  path: "path",
  sha256: "sha256",
  reason: "reason",
} as const satisfies Readonly<Record<string, LogFieldName>>;

function fieldsOf(event: RecordEvent): LogFields {
  const { runId, type, seq, epoch, step } = event;
  const data = event.data ?? {};
  const told = Object.entries(shown).flatMap(([from, to]) =>
    data[from] === undefined ? [] : [[to, data[from]] as const],
  );
  const { failure } = dataOf<{ failure?: { code: string; message: string } }>(event);
  return {
    event_type: type,
    run_id: runId,
    seq,
    epoch,
    ...(step === undefined ? {} : { step_id: step }),
    ...Object.fromEntries(told),
    ...(failure === undefined ? {} : { error_code: failure.code, error: failure.message }),
  };
}

function traceOf(event: RecordEvent): string | undefined {
  const { labels } = dataOf<{ labels?: { traceparent?: unknown } }>(event);
  return typeof labels?.traceparent === "string" ? labels.traceparent.split("-")[1] : undefined;
}
