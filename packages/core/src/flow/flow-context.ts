import type { NodeContext } from "../context.ts";
import type { Failure } from "../errors/failure.ts";
import type { Workflow } from "../graph/model.ts";
import type { NodePolicy } from "../graph/node-policy.ts";
import type { StateSpec } from "../state/field.ts";
import type { RunInputOf, RunResultOf } from "./flow-spec.ts";

/** What a step of a flow does about time, failure and repetition, as a node of a graph does (ENG-15). */
export interface FlowStepOptions<Input = unknown, Result = unknown>
  extends Pick<NodePolicy, "retry" | "timeoutMs" | "cache"> {
  /** Gives the result when all attempts have failed (S11). */
  recover?(failure: Failure, input: Input, ctx: NodeContext): Result | Promise<Result>;
  /** Undoes the completed step when the run fails later, as a step of its own with the same retries and timeout. */
  compensate?(result: Result, ctx: NodeContext, input: Input): unknown;
}

/** How the steps of one `ctx.map` are run. */
export interface FlowMapOptions<Item = unknown, Result = unknown> extends FlowStepOptions<Item, Result> {
  /** How many of them run at a time, at most; the engine's limits hold too. */
  readonly concurrency?: number;
}

/**
 * The `ctx` of a flow: that of a step, and three calls that are steps of their own (ENG-53). Calls are known by their
 * name, their input and how often the same call was made before: a body that is executed again gets what they gave, in
 * the order in which they ended. Inputs and results are JSON (S17).
 */
export interface FlowContext extends NodeContext {
  /** Runs a function as a step: committed once, retried by itself, with a journal of its own. */
  step<Input, Result>(
    name: string,
    input: Input,
    run: (input: Input, ctx: NodeContext) => Result | Promise<Result>,
    options?: FlowStepOptions<Input, Result>,
  ): Promise<Result>;
  /** One step per item; resolves to their results in the order of the items. Rejects once none of them runs any more. */
  map<Item, Result>(
    name: string,
    items: readonly Item[],
    run: (item: Item, ctx: NodeContext) => Result | Promise<Result>,
    options?: FlowMapOptions<Item, Result>,
  ): Promise<Result[]>;
  /** Runs another flow or workflow as a nested one; the step has its name. */
  run<Spec extends StateSpec>(workflow: Workflow<Spec>, input: RunInputOf<Spec>): Promise<RunResultOf<Spec>>;
}
