import type { Json } from "../encoding/json.ts";
import { eventTypes } from "./event-fields.ts";
import type { RecordEvent } from "./run-event.ts";

/**
 * The event without the values of these data fields, which it lists in `data.redacted`. Only fields that may hold
 * anything (such as `delta`, `value`, `input`, `state`, `failure`) are taken out: the event stays valid, but no run can
 * be rebuilt from it (RUN-10).
 */
export function redactEvent(event: RecordEvent, fields: readonly string[]): RecordEvent {
  const data: Record<string, Json> = { ...event.data };
  const redacted = fields.filter((name) => {
    const kind = eventTypes[event.type].fields[name]?.kind;
    return data[name] !== undefined && (kind === "json" || kind === "object");
  });
  if (redacted.length === 0) return event;
  for (const name of redacted) {
    data[name] = eventTypes[event.type].fields[name]?.kind === "object" ? {} : null;
  }
  return { ...event, data: { ...data, redacted } };
}
