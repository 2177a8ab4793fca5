import {
  closestName,
  type JsonObject,
  type LiveEvent,
  type RecordEvent,
  ValidationError,
  type Workflow,
} from "@agentflow/core";

/**
 * What a reader gets. `events`: record events. `deltas`: what each committed step returned. `values`: the state after
 * each seal. `live`: everything that is shown while it happens and not kept; `tokens`, `progress` and `custom` only those
 * of `ctx.emit`.
 */
export type StreamMode = "events" | "deltas" | "values" | "live" | "tokens" | "progress" | "custom";

/** Where an item that is kept stands: by it a reader goes on where it stopped. */
export interface StreamPlace {
  readonly seq: number;
  readonly epoch: number;
  readonly type: string;
}

/** The delta of a committed step, with large values in their place. */
export interface StepDelta extends StreamPlace {
  readonly type: "delta";
  readonly runId: string;
  /** Step id; of a step in a nested workflow it begins with the path of that. */
  readonly step: string;
  readonly delta: JsonObject;
}

/** The state of the run after a seal of its root scope. */
export interface StateValue<State extends object = object> extends StreamPlace {
  readonly type: "value";
  readonly runId: string;
  /** Step whose commit carried the seal, and the superstep that it ended. */
  readonly step: string;
  readonly superstep: number;
  readonly state: State;
}

/** The state of a nested workflow after one of its seals; `scope` is the step id under which it runs. */
export interface NestedValue extends StreamPlace {
  readonly type: "nestedValue";
  readonly runId: string;
  readonly step: string;
  readonly scope: string;
  readonly superstep: number;
  readonly state: object;
}

/** Live events of some types. */
export type LiveEventOf<Type extends LiveEvent["type"]> = LiveEvent & { readonly type: Type };

/** What each mode yields. `truncated` takes back what came after a seq, `dropped` counts what a slow reader missed. */
export interface StreamItems<State extends object> {
  readonly events: RecordEvent | LiveEventOf<"truncated">;
  readonly deltas: StepDelta | LiveEventOf<"truncated">;
  readonly values: StateValue<State> | NestedValue | LiveEventOf<"truncated">;
  readonly live: LiveEvent;
  readonly tokens: LiveEventOf<"token" | "dropped">;
  readonly progress: LiveEventOf<"progress" | "dropped">;
  readonly custom: LiveEventOf<"custom" | "dropped">;
}

/** What a stream of these modes yields. */
export type StreamItem<State extends object, Mode extends StreamMode> = StreamItems<State>[Mode];

/** The modes of a reader that names none. */
export type UsualModes = "events" | "live";

/** What to read of a run, and how. */
export interface EventsOptions<Mode extends StreamMode = UsualModes> {
  /**
   * `seq` of the first record event wanted, 1 unless given; or the last item that the reader has, after which it goes on.
   * Given an item, the stream also tells if a newer epoch has replaced it (`truncated`).
   */
  readonly from?: number | StreamPlace | undefined;
  /** `["events", "live"]` unless given. */
  readonly modes?: readonly Mode[] | undefined;
  /** Go on with what is still to come; on unless switched off. */
  readonly follow?: boolean | undefined;
  /** Live events kept for a reader that is slower than the run; 1,024 unless given. */
  readonly buffer?: number | undefined;
  /** What becomes of live events beyond `buffer`: dropped with a count, or the stream ends with StreamOverflowError. */
  readonly overflow?: Overflow | undefined;
}

/** How a live stream meets a reader that is too slow. */
export type Overflow = "dropOldest" | "dropNewest" | "error";

/** Options of a reader that has only the id of the run. */
export interface RunEventsOptions<Mode extends StreamMode = UsualModes> extends EventsOptions<Mode> {
  /** The workflow of the run: folding deltas to `values` needs its reducers. */
  readonly workflow?: Workflow | undefined;
}

/** Options of a stream with everything filled in. */
export interface StreamRequest {
  /** Items up to here are not wanted; `rank` tells those of one seq apart, and epoch 0 is unknown. */
  readonly place: PlaceInStream;
  readonly modes: ReadonlySet<StreamMode>;
  readonly follow: boolean;
  readonly buffer: number;
  readonly overflow: Overflow;
}

/** A place with the rank of its item among those of the same seq. */
export interface PlaceInStream {
  readonly seq: number;
  readonly epoch: number;
  readonly rank: number;
}

/** Ranks of what one row yields at its last seq, in this order. */
export const ranks = { event: 0, delta: 1, value: 2 } as const;

const streamModes: readonly StreamMode[] = [
  "events",
  "deltas",
  "values",
  "live",
  "tokens",
  "progress",
  "custom",
];
const overflows: readonly Overflow[] = ["dropOldest", "dropNewest", "error"];

/** Checks the options of a stream and fills in what is left out. Throws ValidationError (AF_ARGUMENT_INVALID). */
export function streamRequest(options: EventsOptions<StreamMode>): StreamRequest {
  const { from = 1, modes = ["events", "live"], follow = true, buffer = 1_024 } = options;
  const { overflow = "dropOldest" } = options;
  checkModes(modes);
  checkWhole("buffer", buffer);
  if (!overflows.includes(overflow)) throw unknownOverflow(overflow);
  return { place: placeOf(from), modes: new Set(modes), follow, buffer, overflow };
}

function placeOf(from: number | StreamPlace): PlaceInStream {
  if (typeof from === "number") {
    checkWhole("from", from);
    return { seq: from - 1, epoch: 0, rank: ranks.value };
  }
  checkWhole("from.seq", from?.seq);
  checkWhole("from.epoch", from?.epoch);
  return { seq: from.seq, epoch: from.epoch, rank: rankOf(from.type) };
}

function rankOf(type: unknown): number {
  if (type === "delta") return ranks.delta;
  return type === "value" || type === "nestedValue" ? ranks.value : ranks.event;
}

function checkModes(modes: unknown): void {
  const isList = Array.isArray(modes) && modes.length > 0;
  const unknown = isList ? modes.find((mode) => !streamModes.includes(mode)) : modes;
  if (isList && unknown === undefined) return;
  const near = typeof unknown === "string" ? closestName(unknown, streamModes) : undefined;
  throw invalid("modes", unknown, {
    hint: `${near === undefined ? "" : `Did you mean ${near}? `}Modes are ${streamModes.join(", ")}.`,
  });
}

function checkWhole(name: string, found: unknown): void {
  if (Number.isSafeInteger(found) && (found as number) >= 1) return;
  throw invalid(name, found, { hint: "Give a whole number from 1." });
}

function unknownOverflow(found: unknown): ValidationError {
  const why =
    found === "block" ? "A reader never holds up a run: what is live is dropped, or the stream ends. " : "";
  return invalid("overflow", found, { hint: `${why}It is one of ${overflows.join(", ")}.` });
}

function invalid(name: string, found: unknown, { hint }: { readonly hint: string }): ValidationError {
  const shown = JSON.stringify(found) ?? "nothing";
  return new ValidationError("AF_ARGUMENT_INVALID", `The option ${name} of a stream cannot be ${shown}.`, {
    hint,
    context: { name },
  });
}
