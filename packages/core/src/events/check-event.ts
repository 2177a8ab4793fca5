import { type EventFieldKind, type EventTypeEntry, eventTypes, isRecordEventType } from "./event-fields.ts";
import { eventLevels } from "./event-levels.ts";
import { hashPattern, timestampPattern } from "./event-schema.ts";
import type { RecordEvent } from "./run-event.ts";

/**
 * What makes a value no valid record event, or undefined if it is one: the same answer as the published schema, without
 * its cost (RUN-2).
 */
export function eventProblem(candidate: unknown): string | undefined {
  if (!isPlainObject(candidate)) return "the event is no object";
  const { type } = candidate;
  if (typeof type !== "string" || !isRecordEventType(type)) return `type ${shown(type)} is not known`;
  for (const name of Object.keys(candidate)) {
    const check = envelope.get(name);
    if (check === undefined) return `field ${name} is not known`;
    if (!check(candidate[name])) return `${name} is ${shown(candidate[name])}`;
  }
  for (const name of requiredInEnvelope) {
    if (candidate[name] === undefined) return `${name} is missing`;
  }
  const entry = eventTypes[type];
  if ((candidate["step"] !== undefined) !== entry.ofStep) {
    return entry.ofStep ? `${type} has no step` : `${type} is about no step`;
  }
  return dataProblem(candidate["data"] as PlainObject, entry);
}

/** True if a value is a valid record event. */
export function isRecordEvent(candidate: unknown): candidate is RecordEvent {
  return eventProblem(candidate) === undefined;
}

/** The event with `now` as its timestamp where it has none (RUN-2). */
export function withTimestamp<Event extends { readonly ts: string }>(
  event: Omit<Event, "ts"> & { readonly ts?: string },
  now: number,
): Event {
  const ts = event.ts === undefined || event.ts === "" ? new Date(now).toISOString() : event.ts;
  return { ...event, ts } as unknown as Event;
}

type PlainObject = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const timestamp = new RegExp(timestampPattern);
const hash = new RegExp(hashPattern);
const levels: ReadonlySet<unknown> = new Set(["DEBUG", ...Object.values(eventLevels)]);

const envelope: ReadonlyMap<string, Check> = new Map<string, Check>(
  Object.entries({
    ts: (value) => typeof value === "string" && timestamp.test(value),
    seq: (value) => Number.isInteger(value) && (value as number) >= 1,
    epoch: isCount,
    level: (value) => levels.has(value),
    runId: isName,
    type: isText,
    step: isName,
    data: isPlainObject,
  }),
);

const requiredInEnvelope = ["ts", "seq", "epoch", "level", "runId", "data"] as const;

const kindChecks: Readonly<Record<EventFieldKind, Check>> = {
  text: isText,
  hash: (value) => typeof value === "string" && hash.test(value),
  count: isCount,
  index: (value) => Number.isInteger(value) && (value as number) >= -1,
  time: Number.isFinite,
  boolean: (value) => typeof value === "boolean",
  json: () => true,
  object: isPlainObject,
  texts: (value) => Array.isArray(value) && value.every(isText),
  textMap: (value) => isPlainObject(value) && Object.values(value).every(isText),
  cacheAnswer: (value) => value === "hit" || value === "miss",
  writeReason: (value) => value === "created" || value === "changed" || value === "nochange",
};

function dataProblem(data: PlainObject, entry: EventTypeEntry): string | undefined {
  for (const name in entry.fields) {
    const { kind, optional } = entry.fields[name] as { kind: EventFieldKind; optional?: true };
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) {
      if (optional !== true) return `data.${name} is missing`;
    } else if (!kindChecks[kind](value)) {
      return `data.${name} is ${shown(value)}`;
    }
  }
  if (entry.open) return undefined;
  const stranger = Object.keys(data).find((name) => !Object.hasOwn(entry.fields, name));
  return stranger === undefined ? undefined : `data.${stranger} is not known`;
}

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? String(value);
}
