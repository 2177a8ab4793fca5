import type { Field, InputOf, StateOf, StateSpec } from "../state/field.ts";

declare const flowTypes: unique symbol;

/** What tells the state of a flow from that of a graph; only the type checker sees it. */
export type FlowTypes<Input, Output> = {
  readonly [flowTypes]: { readonly input: Input; readonly output: Output };
};

/** The state of a flow: what it was given and, at its end, what it returned. */
export type FlowSpec<Input = unknown, Output = unknown> = {
  readonly input: Field<Input, Input, "required">;
  readonly output: Field<Output, Output, "optional">;
} & FlowTypes<Input, Output>;

/** What a run is started with: the input of a flow, or the fields of a graph's state that are given. */
export type RunInputOf<Spec extends StateSpec> =
  Spec extends FlowTypes<infer Input, infer _Output> ? Input : InputOf<Spec>;

/** What a run ends with: what a flow returned, or a graph's final state. */
export type RunResultOf<Spec extends StateSpec> =
  Spec extends FlowTypes<infer _Input, infer Output> ? Output : StateOf<Spec>;
