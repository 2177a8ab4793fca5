import type { EventLevel, Json } from "@agentflow/core";
import { pino } from "pino";
import type { LogFields } from "./log-fields.ts";
import { redact, redactText } from "./redact.ts";

/** Takes log lines. Anything with this one method can be the log of AgentFlow. */
export interface Logger {
  log(level: EventLevel, message: string, fields: LogFields): void;
}

/** Where and from which level a JSON logger writes. */
export interface JsonLoggerOptions {
  /** Takes one line with its line end. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Lines below this level are not written. Default: INFO. */
  readonly level?: EventLevel;
  /** Wall-clock milliseconds, for the time of a line. */
  readonly now?: () => number;
  /** Fields that go into every line, such as the trace and span that are active: `await activeTrace()`. */
  readonly context?: () => LogFields;
}

const levels = { DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" } as const;

const ranks: Readonly<Record<EventLevel, number>> = { DEBUG: 20, INFO: 30, WARN: 40, ERROR: 50 };

/** True if a line of `level` is written where `least` is the lowest level. */
export function isLogged(level: EventLevel, least: EventLevel): boolean {
  return ranks[level] >= ranks[least];
}

/**
 * A logger that writes one JSON object per line, by pino: `severity`, `time` (ISO 8601), the fields, `msg`. Secrets and
 * what names a person are taken out of texts and fields (OBS-3).
 */
export function jsonLogger(options: JsonLoggerOptions = {}): Logger {
  const {
    write = (line: string) => void process.stderr.write(line),
    level: least = "INFO",
    now = Date.now,
    context,
  } = options;
  const logger = pino(
    {
      level: levels[least],
      base: null,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: {
        level: (label) => ({ severity: label.toUpperCase() }),
        log: (fields) => redact(fields as Json) as Record<string, unknown>,
      },
      ...(context === undefined ? {} : { mixin: () => ({ ...context() }) }),
    },
    { write },
  );
  return {
    log: (level, message, fields) => logger[levels[level]](fields, "%s", redactText(message)),
  };
}
