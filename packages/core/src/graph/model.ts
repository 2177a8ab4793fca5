import type { NodeContext } from "../context.ts";
import type { JsonObject } from "../encoding/json.ts";
import type { FlowContext } from "../flow/flow-context.ts";
import type { StateSpec } from "../state/field.ts";
import type { StandardSchema } from "../state/standard-schema.ts";
import type { ConflictPolicy } from "./conflict-policy.ts";
import type { WorkflowDescription } from "./description.ts";
import type { CompensationOptions, NodePolicy, Siblings } from "./node-policy.ts";
import type { JoinWhen } from "./placement.ts";

/** A node's body written as a function. */
export interface FunctionBody {
  readonly type: "function";
  /** A node gets (state, ctx); a step of a map gets (item, ctx, state). Returns a delta, a goto or nothing. */
  run(argument: unknown, ctx: NodeContext, state: unknown): unknown;
}

/** A node's body that is a workflow of its own scope (S1). */
export interface NestedBody {
  readonly type: "nested";
  readonly child: Workflow;
  /** The child's input, from the state or the item. */
  input(argument: unknown): unknown;
  /** The delta, from the child's final state. */
  output(childState: unknown, argument: unknown): unknown;
}

/** A node's body that is the function of a flow: what it calls are steps of a scope of its own (ENG-53). */
export interface FlowBody {
  readonly type: "flow";
  /** Gets the frozen state, and gives the delta. */
  run(state: unknown, ctx: FlowContext): unknown;
}

/** What a join waits for; `predecessors` in ascending order of name, since their order means nothing. */
export interface JoinModel {
  readonly predecessors: readonly string[];
  readonly when: JoinWhen;
}

/** One node as the engine compiles it. */
export interface NodeModel {
  readonly name: string;
  readonly kind: "node" | "map";
  readonly body: FunctionBody | NestedBody | FlowBody;
  /** Sources of the plain edges that the node declared itself. */
  readonly after: readonly string[];
  readonly join?: JoinModel;
  /** Declared targets of gotos, in declared order. */
  readonly gotos: readonly string[];
  /** The item list of a map. */
  over?(state: unknown): readonly unknown[];
  /** How many steps of a map run at a time, at most. */
  readonly concurrency?: number;
  readonly policy: NodePolicy;
}

/** One way from a node to another; `ordinal` counts the edges of `from` in declared order, from 0 (S3). */
export interface EdgeModel {
  readonly from: string;
  readonly to: string;
  readonly ordinal: number;
  readonly kind: "plain" | "join" | "route";
}

/** A router: after `from`, `choose` picks among `to` on the folded state (S16). */
export interface RouteModel {
  readonly from: string;
  readonly to: readonly string[];
  choose(state: unknown): string | readonly string[];
}

/** Limits of the runs of one workflow (ENG-14); the engine's options win over them. */
export interface WorkflowLimits {
  readonly maxConcurrent?: number;
  readonly queueDepth?: number;
  readonly backpressureTimeoutMs?: number;
  readonly nodeTimeoutMs?: number;
  readonly runBudgetMs?: number;
  readonly maxSteps?: number;
}

/** Turns the state of a run of an older definition into one of this definition (S19); pure JSON to JSON. */
export type Migrate = (
  state: JsonObject,
  from: { readonly version: string; readonly fingerprint: string },
) => JsonObject;

/** A checked graph as plain data and functions: what the engine compiles. Deeply frozen, nodes in declared order. */
export interface WorkflowModel {
  readonly name: string;
  readonly version: string;
  readonly fields: StateSpec;
  readonly nodes: readonly NodeModel[];
  readonly entry: string;
  readonly exits: readonly string[];
  /** In declared order per source; a route has one edge per target. */
  readonly edges: readonly EdgeModel[];
  /** In declared order per source. */
  readonly routes: readonly RouteModel[];
  readonly conflict: ConflictPolicy;
  readonly limits: WorkflowLimits;
  /** Where a node does not say (S11). */
  readonly siblings: Siblings;
  readonly inputSchema?: StandardSchema;
  readonly outputSchema?: StandardSchema;
  readonly migrate?: Migrate;
  readonly compensation?: CompensationOptions;
  /** What the state starts with, from what a run is started with; absent: that is the state's fields. */
  toState?(given: unknown): Readonly<Record<string, unknown>>;
  /** What a run ends with, from its final state; absent: the state. */
  toResult?(state: object): unknown;
}

/** A checked workflow, ready for an engine. `Names` are its nodes; a graph built in a loop is `Workflow<Spec, string>`. */
export interface Workflow<Spec extends StateSpec = StateSpec, Names extends string = string> {
  readonly name: string;
  readonly version: string;
  readonly model: WorkflowModel;
  /** JSON description, what a run stores of its definition (ENG-4). */
  readonly description: WorkflowDescription;
  /** SHA-256 of the canonical description: equal for equal definitions (S19). */
  readonly fingerprint: string;
  /** Carries the types; never set. */
  readonly types?: { readonly spec: Spec; readonly names: Names };
}
