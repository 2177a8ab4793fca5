import type { Json } from "../encoding/json.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** How deltas fold into a field (ENG-1). */
export type FieldKind = "value" | "append" | "sum" | "min" | "max" | "union" | "merge" | "custom";

/** Whether a run's input must give the field. */
export type FieldPresence = "required" | "optional";

/**
 * One field of a workflow's state: the type nodes read (`Value`), the type they return (`Delta`), and how deltas fold
 * into it. `reduce` works on encoded, frozen JSON, is pure and never changes its arguments (S2, S17).
 */
export interface Field<Value = unknown, Delta = Value, Presence extends FieldPresence = FieldPresence> {
  readonly kind: FieldKind;
  readonly presence: Presence;
  /** The encoded value of a run that has not written the field; undefined when there is none yet. */
  readonly initial: Json | undefined;
  /** Names the reducer in the fingerprint: the kind, or the id of a custom reducer (S19). */
  readonly reducerId: string;
  readonly codecId?: string;
  /** Validates the decoded value at run time. */
  readonly schema?: StandardSchema;
  /** What two steps of one superstep must not both write: the field, one key of it, or nothing (S18). */
  readonly conflicts: "field" | "key" | "never";
  /** Folds one delta; `current` is undefined while the field has no value. */
  reduce(current: Json | undefined, delta: Json): Json;
  /** Turns a value or delta of the declared type into what JSON can hold, by the codec if there is one. */
  encode(value: Value | Delta): unknown;
  /** The opposite of `encode`, for the folded value. */
  decode(value: Json): Value;
  /** Carries the types; never set. */
  readonly types?: { readonly value: Value; readonly delta: Delta };
}

/** The fields of a workflow's state by name. */
export type StateSpec = Readonly<Record<string, Field>>;

/** Read-only where a mistake would otherwise compile and fail on the frozen state: lists, maps and sets. */
export type Frozen<T> = T extends readonly unknown[]
  ? Readonly<T>
  : T extends ReadonlyMap<infer Key, infer Value>
    ? ReadonlyMap<Key, Value>
    : T extends ReadonlySet<infer Item>
      ? ReadonlySet<Item>
      : T;

type ValueOf<F> = F extends Field<infer Value, infer _Delta> ? Frozen<Value> : never;
type DeltaOfField<F> = F extends Field<infer _Value, infer Delta> ? Frozen<Delta> : never;

/** The state that nodes, routers and item lists read. */
export type StateOf<Spec extends StateSpec> = { readonly [Name in keyof Spec]: ValueOf<Spec[Name]> };

/** What a node returns: any of the fields, each with its delta. */
export type DeltaOf<Spec extends StateSpec> = { readonly [Name in keyof Spec]?: DeltaOfField<Spec[Name]> };

type RequiredName<Spec extends StateSpec> = {
  [Name in keyof Spec]: Spec[Name]["presence"] extends "required" ? Name : never;
}[keyof Spec];

/** What a run starts with: fields without a default must be given, the others may. */
export type InputOf<Spec extends StateSpec> = {
  readonly [Name in RequiredName<Spec>]: ValueOf<Spec[Name]>;
} & { readonly [Name in Exclude<keyof Spec, RequiredName<Spec>>]?: ValueOf<Spec[Name]> };
