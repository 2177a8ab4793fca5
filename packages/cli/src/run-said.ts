import type { Json, JsonObject, RecordEvent } from "@agentflow/core";

/** What somebody said to a run, as `af show --json` prints it. */
export interface Said {
  readonly event: string;
  /** Interrupt id, of an answer. */
  readonly id?: string;
  /** Who said it; null where nobody did, as with a deadline that has passed, or did not give a name. */
  readonly by: string | null;
  readonly at: string;
  /** Nobody answered before the deadline. */
  readonly expired?: true;
}

/** Types of the events that tell what somebody said. */
export const saidTypes = ["interrupt.answered", "interrupt.refused", "run.paused", "run.cancelled"] as const;

const told: ReadonlySet<string> = new Set(saidTypes);

/** What people said to a run, by its record events. */
export function saidIn(events: Iterable<RecordEvent>): Said[] {
  return [...events].filter(({ type }) => told.has(type)).map(saidBy);
}

function saidBy({ type, ts, step, data = {} }: RecordEvent): Said {
  if (step === undefined) return { event: type, by: textOf(data["by"]), at: ts };
  const { name, nth, value } = data;
  // A large value is told by its hash: who gave it stands inside.
  const ended = typeof value === "object" && value !== null ? (value as JsonObject) : {};
  return {
    event: type,
    id: `${step}#${String(name)}[${String(nth)}]`,
    by: textOf(ended["by"]),
    at: ts,
    ...(ended["expired"] === true ? { expired: true } : {}),
  };
}

function textOf(by: Json | undefined): string | null {
  return typeof by === "string" ? by : null;
}

/** What was said, in a line for people. */
export function saidLine({ event, id, by, expired }: Said): string {
  const who = by === null ? "" : ` by ${by}`;
  if (expired === true) return `${id} had no answer before its deadline`;
  if (event === "interrupt.answered") return `${id} answered${who}`;
  if (event === "interrupt.refused") return `${id} refused an answer${who}`;
  return `${event === "run.paused" ? "paused" : "cancelled"}${who}`;
}
