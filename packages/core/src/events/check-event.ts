import { type EventFieldKind, eventTypes } from "./event-fields.ts";
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
  const dataCheck = typeof type === "string" ? dataChecks.get(type) : undefined;
  if (dataCheck === undefined) return `type ${shown(type)} is not known`;
  for (const name of Object.keys(candidate)) {
    const check = envelope.get(name);
    if (check === undefined) return `field ${name} is not known`;
    if (!check(candidate[name])) return `${name} is ${shown(candidate[name])}`;
  }
  for (const name of requiredInEnvelope) {
    if (candidate[name] === undefined) return `${name} is missing`;
  }
  if ((candidate["step"] !== undefined) !== dataCheck.ofStep) {
    return dataCheck.ofStep ? `${type} has no step` : `${type} is about no step`;
  }
  return dataProblem(candidate["data"] as PlainObject, dataCheck);
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

/** What the table says about one type, laid out for one pass over an event's data. */
interface DataCheck {
  readonly ofStep: boolean;
  readonly open: boolean;
  readonly fields: ReadonlyMap<string, { readonly check: Check; readonly required: boolean }>;
  readonly required: readonly string[];
}

const dataChecks: ReadonlyMap<string, DataCheck> = new Map(
  Object.entries(eventTypes).map(([type, { ofStep, open, fields }]) => {
    const entries = Object.entries(fields);
    const checks = entries.map(
      ([name, { kind, optional }]) =>
        [name, { check: kindChecks[kind], required: optional !== true }] as const,
    );
    const required = entries.filter(([, { optional }]) => optional !== true).map(([name]) => name);
    return [type, { ofStep, open, fields: new Map(checks), required }];
  }),
);

function dataProblem(data: PlainObject, { fields, open, required }: DataCheck): string | undefined {
  let missing = required.length;
  for (const name of Object.keys(data)) {
    const value = data[name];
    if (value === undefined) continue;
    const field = fields.get(name);
    if (field === undefined) {
      if (open) continue;
      return `data.${name} is not known`;
    }
    if (!field.check(value)) return `data.${name} is ${shown(value)}`;
    if (field.required) missing -= 1;
  }
  if (missing === 0) return undefined;
  return `data.${required.find((name) => data[name] === undefined)} is missing`;
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
