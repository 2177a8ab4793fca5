import { dataOf, type Emitter, type EventLevel, type JsonObject, type RecordEvent } from "@agentflow/core";
import { isLogged, type Logger } from "./logger.ts";

/** Options of a log emitter. */
export interface LogEmitterOptions {
  /** Events below this level are not logged. Default: INFO. */
  readonly level?: EventLevel;
}

/** Logs record events: the type as message, with run, step, node, attempt, duration and failure, never state (RUN-3). */
export function logEmitter(logger: Logger, options: LogEmitterOptions = {}): Emitter {
  const { level: least = "INFO" } = options;
  return {
    name: "log",
    emit: (events) => {
      for (const event of events) {
        if (isLogged(event.level, least)) logger.log(event.level, event.type, fieldsOf(event));
      }
    },
  };
}

const shownFields = [
  "workflow",
  "version",
  "node",
  "attempt",
  "durationMs",
  "name",
  "path",
  "sha256",
  "reason",
] as const;

function fieldsOf(event: RecordEvent): JsonObject {
  const { runId, seq, epoch, step } = event;
  const data = event.data ?? {};
  const shown = shownFields.flatMap((name) =>
    data[name] === undefined ? [] : [[name, data[name]] as const],
  );
  const { failure } = dataOf<{ failure?: { code: string; message: string } }>(event);
  return {
    runId,
    seq,
    epoch,
    ...(step === undefined ? {} : { step }),
    ...Object.fromEntries(shown),
    ...(failure === undefined ? {} : { code: failure.code, error: failure.message }),
  };
}
