import type { Json, JsonObject } from "../encoding/json.ts";
import type { WorkflowLimits } from "../graph/model.ts";
import type { Durability } from "../ports/run-store.ts";
import type { ArtifactBinding, FlowCallKey, JournalEntry, Position, Seal } from "../record/rows.ts";
import type { RecordEvent } from "./run-event.ts";

/**
 * What the data of record events holds. Fields have the names of the row columns they come from, so that rows can be
 * rebuilt from events alone (RUN-10); JSON columns stand here as values instead of text.
 */

/** The step an event is about. `item` is -1 outside a fan-out. */
export interface StepPlace extends Position {
  readonly node: string;
  readonly item: number;
}

/** Which commit wrote the row that ends with this event, and the `seq` of the row's first event. */
export interface RowStamp {
  /** Number of the commit; the event's own `seq` stands beside `data`. */
  readonly seq: number;
  readonly event: number;
}

/** A journal entry. `kind` follows from the event's type and `tx`. */
export interface EntryData extends StepPlace, Omit<JournalEntry, "kind" | "value"> {
  readonly tx?: true;
  /** The recorded value, or the SHA-256 of a blob when `ref` is true. */
  readonly value: Json;
}

/** An entry committed before its step's outcome. */
export interface JournalRowData extends EntryData, RowStamp {
  readonly startedAt: number;
}

/** `cache.hit` and `cache.miss`: the call that asked, or the step itself, which has no index. */
export interface CacheData extends StepPlace {
  readonly index?: number;
  readonly name: string;
  readonly inputHash: string;
}

/** `file.written`: what `safeWrite` returned, and the size (RUN-30). */
export interface FileData extends StepPlace, ArtifactBinding {
  readonly wrote: boolean;
}

/** `step.succeeded`. */
export interface StepSucceededData extends StepPlace, RowStamp {
  readonly origin: string;
  readonly edge: number;
  readonly attempt: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly delta: JsonObject;
  readonly goto?: readonly string[];
  readonly refs?: Readonly<Record<string, string>>;
  readonly recovered?: JsonObject;
  readonly inherited?: Readonly<Record<string, string>>;
  readonly cache?: { readonly answer: "hit" | "miss"; readonly key: string };
  readonly call?: FlowCallKey;
  readonly compensates?: true;
  readonly seal?: Seal;
}

/** `step.retried`, `step.failed` and `step.cancelled`. */
export interface AttemptData extends StepPlace, RowStamp {
  readonly attempt: number;
  readonly round: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly failure: Json;
  readonly nextAt?: number;
}

/** What every `run.*` event holds beside the mark's own data, whose keys must be others. */
export interface MarkData {
  readonly seq: number;
  readonly at: number;
  readonly state?: Json;
  readonly refs?: Json;
}

/** What the data of `run.started` says about the run. */
export interface RunStartedData extends MarkData {
  readonly workflow: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly seed: string;
  readonly input: Json;
  /** SHA-256 of the definition's JSON text. */
  readonly definition: string;
  readonly labels?: JsonObject;
  readonly durability?: Durability;
  readonly limits?: WorkflowLimits;
}

/** The data of an event, read as the shape of its type. The caller names the shape that belongs to the type. */
export function dataOf<Data>(event: RecordEvent): Data {
  return (event.data ?? {}) as unknown as Data;
}
