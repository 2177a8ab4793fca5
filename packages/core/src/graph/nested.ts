import { ValidationError } from "../errors/validation-error.ts";
import type { InputOf, StateOf, StateSpec } from "../state/field.ts";
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
  readonly input: (argument: Argument) => InputOf<Spec>;
  /** The delta, from the child's final state. */
  readonly output: (childState: StateOf<Spec>, argument: Argument) => Result;
}

/** Uses `child` as a node's body. Its steps are durable and retried one by one; the node itself takes no retry (S1). */
export function nested<Spec extends StateSpec, Argument, Result>(
  child: Workflow<Spec>,
  mapping: NestedMapping<Spec, Argument, Result>,
): Nested<Argument, Result> {
  const { input, output } = mapping;
  const body = Object.freeze({ type: "nested", child: child as Workflow, input, output } as const);
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

/** What `nested` holds, also from another copy of the package; undefined for any other body. */
export function nestedBodyOf(body: unknown): NestedBody | undefined {
  return typeof body === "function" ? (body as { [bodyMark]?: NestedBody })[bodyMark] : undefined;
}
