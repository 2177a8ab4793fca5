import type { NodeContext } from "../context.ts";
import type { Awaitable } from "../ports/run-store.ts";
import type { DeltaOf, StateOf, StateSpec } from "../state/field.ts";
import { buildModel } from "./build-model.ts";
import { checkGraph } from "./check-graph.ts";
import type { Declaration } from "./declaration.ts";
import { defineWorkflow } from "./define-workflow.ts";
import type { Workflow } from "./model.ts";
import type { NodePolicy, RetryFor } from "./node-policy.ts";
import type { Exact, NodeResult, PlainDelta } from "./node-result.ts";
import type { MapPlacement, Placement } from "./placement.ts";
import type { NamedOptions } from "./workflow-options.ts";

/** The body of a node: a function of the state, or `nested(...)`. */
export type NodeBody<Spec extends StateSpec, Result> = (state: StateOf<Spec>, ctx: NodeContext) => Result;

/** The body of a map: a function of the item, or `nested(...)` per item. */
export type MapBody<Spec extends StateSpec, Item, Result> = (
  item: Item,
  ctx: NodeContext,
  state: StateOf<Spec>,
) => Result;

/** The names `end` takes; a name that was mentioned and never declared turns it into a message for the reader. */
export type ExitName<Names extends string, Mentioned extends string> = [Exclude<Mentioned, Names>] extends [
  never,
]
  ? Names
  : `no node is declared with the name "${Exclude<Mentioned, Names>}"`;

interface Draft {
  readonly declaration: Declaration;
  readonly previous: Draft | undefined;
}

/**
 * Collects the nodes and edges of a workflow. Immutable: each method returns a new builder, so that one beginning can
 * grow into several workflows. `Names` are the declared nodes; `Mentioned` are those that gotos, routes and edges
 * name, which must be declared by the time `end` is called. Nothing is checked before `end`.
 */
export class WorkflowBuilder<
  Spec extends StateSpec,
  Names extends string = never,
  Mentioned extends string = never,
> {
  readonly #options: NamedOptions<Spec>;
  readonly #draft: Draft | undefined;

  constructor(options: NamedOptions<Spec>, draft?: Draft) {
    this.#options = options;
    this.#draft = draft;
  }

  /** The node a run begins with. */
  start<
    const Name extends string,
    Result extends NodeResult<Spec, never>,
    Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>,
  >(
    name: Name,
    body: NodeBody<Spec, Result> & Exact<Spec, Result>,
    policy?: NodePolicy<StateOf<Spec>, Recovered, DeltaOf<Spec>> & RetryFor<Result> & Exact<Spec, Recovered>,
  ): WorkflowBuilder<Spec, Names | Name, Mentioned> {
    return this.#declare({ type: "node", kind: "node", isEntry: true, name, placement: {}, body, policy });
  }

  /** A node after others. Its function gets the state and returns a delta (ENG-2). */
  node<
    const Name extends string,
    Result extends NodeResult<Spec, Target>,
    const Target extends string = never,
    Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>,
  >(
    name: Name,
    placement: Placement<Names, Target>,
    body: NodeBody<Spec, Result> & Exact<Spec, Result>,
    policy?: NodePolicy<StateOf<Spec>, Recovered, DeltaOf<Spec>> & RetryFor<Result> & Exact<Spec, Recovered>,
  ): WorkflowBuilder<Spec, Names | Name, Mentioned | Target> {
    return this.#declare({ type: "node", kind: "node", isEntry: false, name, placement, body, policy });
  }

  /** A fan-out: one step per item of `over`, in the order of the items; its function gets the item (ENG-2). */
  map<
    const Name extends string,
    Item,
    Result extends NodeResult<Spec, Target>,
    const Target extends string = never,
    Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>,
  >(
    name: Name,
    placement: MapPlacement<StateOf<Spec>, Item, Names, Target>,
    body: MapBody<Spec, Item, Result> & Exact<Spec, Result>,
    policy?: NodePolicy<Item, Recovered, DeltaOf<Spec>> & RetryFor<Result> & Exact<Spec, Recovered>,
  ): WorkflowBuilder<Spec, Names | Name, Mentioned | Target> {
    return this.#declare({ type: "node", kind: "map", isEntry: false, name, placement, body, policy });
  }

  /** A plain edge; `to` may be declared later, which makes cycles possible (S15). */
  edge<const Target extends string>(
    from: Names,
    to: Target,
  ): WorkflowBuilder<Spec, Names, Mentioned | Target> {
    return this.#declare({ type: "edge", from, to });
  }

  /** A router: after `from`, `choose` picks one, several or none of the declared targets; pure (S16). */
  route<const Target extends string>(
    from: Names,
    targets: { readonly to: readonly Target[] },
    choose: (state: StateOf<Spec>) => NoInfer<Target> | readonly NoInfer<Target>[],
  ): WorkflowBuilder<Spec, Names, Mentioned | Target> {
    return this.#declare({ type: "route", from, to: targets.to, choose });
  }

  /** From here on names are plain strings, for a graph built in a loop; only `end` checks them. */
  dynamic(): WorkflowBuilder<Spec, string, string> {
    return new WorkflowBuilder(this.#options, this.#draft);
  }

  /** The nodes a run may end with. Checks the whole graph; throws GraphError with all its problems (ENG-3). */
  end(...exits: readonly ExitName<Names, Mentioned>[]): Workflow<Spec, Names> {
    const declarations: Declaration[] = [];
    for (let draft = this.#draft; draft !== undefined; draft = draft.previous)
      declarations.push(draft.declaration);
    declarations.reverse();
    const model = buildModel(this.#options, declarations, exits);
    checkGraph(model, declarations);
    return defineWorkflow(model);
  }

  #declare<NextNames extends string, NextMentioned extends string>(
    declaration: Declaration,
  ): WorkflowBuilder<Spec, NextNames, NextMentioned> {
    return new WorkflowBuilder<Spec, NextNames, NextMentioned>(this.#options, {
      declaration,
      previous: this.#draft,
    });
  }
}
