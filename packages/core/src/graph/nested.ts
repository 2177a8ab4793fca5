import type { InputOf, StateOf, StateSpec } from "../state/field.ts";
import type { Workflow } from "./model.ts";

/** A workflow as the body of a node: it runs as a scope of its own (S1). */
export interface Nested<Argument = unknown, Result = unknown, BodyKind extends "nested" = "nested"> {
  readonly type: BodyKind;
  readonly child: Workflow;
  /** The child's input, from the state (of a node) or the item (of a map); pure. */
  readonly input: (argument: Argument) => object;
  /** The delta, from the child's final state; pure. */
  readonly output: (childState: never, argument: Argument) => Result;
}

/** How a nested workflow is fed and what becomes of its final state. */
export interface NestedMapping<Spec extends StateSpec, Argument, Result> {
  readonly input: (argument: Argument) => InputOf<Spec>;
  readonly output: (childState: StateOf<Spec>, argument: Argument) => Result;
}

/** Uses `child` as a node's body. Its steps are durable and retried one by one; the node itself takes no retry. */
export function nested<Spec extends StateSpec, Argument, Result>(
  child: Workflow<Spec>,
  mapping: NestedMapping<Spec, Argument, Result>,
): Nested<Argument, Result> {
  return Object.freeze({
    type: "nested",
    child: child as Workflow,
    input: mapping.input,
    output: mapping.output,
  });
}
