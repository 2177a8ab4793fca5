import type { Awaitable } from "../ports/run-store.ts";
import type { DeltaOf, StateSpec } from "../state/field.ts";
import type { Goto, gotoMark } from "./goto.ts";

/** A delta that is not a goto, even where fields are called like the parts of one. */
export type PlainDelta<Spec extends StateSpec> = DeltaOf<Spec> & { readonly [gotoMark]?: never };

declare const resultMark: unique symbol;

/** Stands for the delta that a nested workflow's final state becomes; only the type checker sees it. */
export interface NestedResult<Result = unknown> {
  readonly [resultMark]: Result;
}

/** What a body may return: a step's result, at once or later, or that of a nested workflow. */
export type NodeResult<Spec extends StateSpec, Target extends string> =
  | Awaitable<StepResult<Spec, Target>>
  | NestedResult<StepResult<Spec, Target>>;

/** What a step results in: a delta, nothing (an empty delta), or a goto to a declared target. */
export type StepResult<Spec extends StateSpec, Target extends string> =
  | PlainDelta<Spec>
  | Goto<Target, DeltaOf<Spec>>
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement returns void.
  | void
  | undefined;

/** What the type checker shows when a result has keys that are no fields of the state. */
export interface NoSuchField<Name extends PropertyKey> {
  readonly "the state has no such field": Name;
}

/**
 * `unknown` if every key of `Result` is a field, else NoSuchField (ENG-1). The type checker itself accepts extra keys
 * in what a named or async function returns; intersecting the function with this refuses them.
 */
export type Exact<Spec extends StateSpec, Result> = [ExtraKey<Spec, Result>] extends [never]
  ? unknown
  : NoSuchField<ExtraKey<Spec, Result>>;

type ExtraKey<Spec extends StateSpec, Result> =
  Result extends Promise<infer Settled>
    ? ExtraKeyOfSettled<Spec, Settled>
    : Result extends NestedResult<infer Output>
      ? ExtraKeyOfSettled<Spec, Output>
      : ExtraKeyOfSettled<Spec, Result>;

type ExtraKeyOfSettled<Spec extends StateSpec, Settled> = Settled extends Goto
  ? Exclude<KeyOf<Settled["delta"]>, keyof Spec>
  : Settled extends object
    ? Exclude<keyof Settled, keyof Spec | typeof gotoMark>
    : never;

type KeyOf<Delta> = Delta extends unknown ? keyof Delta : never;
