import type { EventLevel, JsonObject } from "@agentflow/core";

/** Takes log lines. Anything with this one method can be the log of AgentFlow. */
export interface Logger {
  log(level: EventLevel, message: string, fields: JsonObject): void;
}

/** Where and from which level a JSON logger writes. */
export interface JsonLoggerOptions {
  /** Takes one line with its line end. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Lines below this level are not written. Default: INFO. */
  readonly level?: EventLevel;
  /** Wall-clock milliseconds, for the time of a line. */
  readonly now?: () => number;
}

const ranks: Readonly<Record<EventLevel, number>> = { DEBUG: 20, INFO: 30, WARN: 40, ERROR: 50 };

/** True if a line of `level` is written where `least` is the lowest level. */
export function isLogged(level: EventLevel, least: EventLevel): boolean {
  return ranks[level] >= ranks[least];
}

/** A logger that writes one JSON object per line: `level`, `time` (ISO 8601), `msg`, then the fields. */
export function jsonLogger(options: JsonLoggerOptions = {}): Logger {
  const {
    write = (line: string) => process.stderr.write(line),
    level: least = "INFO",
    now = Date.now,
  } = options;
  return {
    log: (level, message, fields) => {
      if (!isLogged(level, least)) return;
      write(`${JSON.stringify({ level, time: new Date(now()).toISOString(), msg: message, ...fields })}\n`);
    },
  };
}
