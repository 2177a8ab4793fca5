import { ValidationError } from "../errors/validation-error.ts";
import type { RunInputOf, RunResultOf } from "../flow/flow-spec.ts";
import type { StateSpec } from "../state/field.ts";
import type { NestedBody, Workflow } from "./model.ts";
import type { NestedResult } from "./node-result.ts";

const bodyMark = Symbol.for("agentflow.nested");

/**
 * A workflow as the body of a node: it runs as a scope of its own (S1). To the type checker it is a function of the
 * state or item, because only then is the item of a map known inside `nested(...)`; nobody calls it.
 */
export type Nested<Argument, Result> = (argument: Argument) => NestedResult<Result>;

/** How a nested workflow is fed and what becomes of its final state; both pure. `Argument` is the state or item. */
export interface NestedMapping<Spec extends StateSpec, Argument, Result> {
  /** The child's input. */
  readonly input: (argument: Argument) => RunInputOf<Spec>;
  /** The delta, from the child's final state, or from what a flow returned. */
  readonly output: (childState: RunResultOf<Spec>, argument: Argument) => Result;
}

/** Uses `child` as a node's body. Its steps are durable and retried one by one; the node itself takes no retry (S1). */
export function nested<Spec extends StateSpec, Argument, Result>(
  child: Workflow<Spec>,
  mapping: NestedMapping<Spec, Argument, Result>,
): Nested<Argument, Result> {
  const body = nestedBody(
    child as Workflow,
    mapping as unknown as NestedMapping<StateSpec, unknown, unknown>,
  );
  const refuse = (): never => {
    throw new ValidationError(
      "AF_ARGUMENT_INVALID",
      `nested(...) of the workflow "${child.name}" was called.`,
      {
        hint: "Give nested(...) itself as the body of a node, not a function that calls it.",
      },
    );
  };
  return Object.freeze(Object.assign(refuse, { [bodyMark]: body }));
}

/** A workflow as a body: its input and its result are those that its runs have. */
export function nestedBody(child: Workflow, mapping: NestedMapping<StateSpec, unknown, unknown>): NestedBody {
  const { toState, toResult } = child.model;
  const { input, output } = mapping;
  return Object.freeze({
    type: "nested",
    child,
    input: toState === undefined ? input : (argument: unknown) => toState(input(argument)),
    output:
      toResult === undefined
        ? (state: unknown, argument: unknown) => output(state as never, argument)
        : (state: unknown, argument: unknown) => output(toResult(state as object) as never, argument),
  } as const);
}

/** What `nested` holds, also from another copy of the package; undefined for any other body. */
export function nestedBodyOf(body: unknown): NestedBody | undefined {
  return typeof body === "function" ? (body as { [bodyMark]?: NestedBody })[bodyMark] : undefined;
}
