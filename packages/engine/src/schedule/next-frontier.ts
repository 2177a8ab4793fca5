import {
  encodeJson,
  type FrontierEntry,
  GraphError,
  type Json,
  sha256Hex,
  ValidationError,
} from "@agentflow/core";
import type { CompiledNode, CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { type Arrivals, type FiredJoin, fireJoins } from "./joins.ts";
import type { StagedStep } from "./staged-step.ts";

/** An entry of the next frontier with its decoded items and where it is sorted. */
export interface Scheduled {
  readonly entry: FrontierEntry & { readonly origin: string; readonly edge: number };
  readonly node: CompiledNode;
  readonly items: readonly Json[] | undefined;
  readonly place: number;
}

/** What a seal decides besides the state. */
export interface Frontier {
  readonly scheduled: readonly Scheduled[];
  readonly arrivals: Arrivals;
  /** True when an exit node completed in this superstep. */
  readonly exited: boolean;
}

/** The frontier a scope starts with. */
export function firstFrontier(workflow: CompiledWorkflow, view: object): Frontier {
  const planner = new Planner(workflow, view, new Map());
  planner.arrive(workflow.entry, "", 0, 0);
  return planner.finish();
}

/**
 * The next frontier after a superstep (S3, S15, S16): by predecessor ordinal, then declared edge, then item. Routers
 * and item lists run on the folded state. Throws GraphError for a target that was not declared and for a join that
 * can no longer fire.
 */
export function nextFrontier(
  workflow: CompiledWorkflow,
  view: object,
  completed: readonly StagedStep[],
  arrivals: Arrivals,
): Frontier {
  const only = completed.length === 1 ? completed[0] : undefined;
  const straight = only === undefined ? undefined : straightOn(workflow, only);
  if (straight !== undefined) return straight;
  const planner = new Planner(workflow, view, arrivals);
  for (const step of completed) planner.complete(step);
  return planner.finish();
}

const noArrivals: Arrivals = new Map();

/** The usual case without a planner: one step, whose only edge leads to a plain node. */
function straightOn(workflow: CompiledWorkflow, step: StagedStep): Frontier | undefined {
  const node = workflow.nodes.get(step.node) as CompiledNode;
  const [edge] = node.edges;
  if (workflow.joins.length > 0 || step.goto !== undefined || node.edges.length > 1) return undefined;
  if (edge === undefined) return { scheduled: [], arrivals: noArrivals, exited: node.isExit };
  const target = workflow.nodes.get(edge.to) as CompiledNode;
  if (edge.kind !== "plain" || target.model.kind !== "node") return undefined;
  const entry = { node: edge.to, origin: step.stepId, edge: edge.ordinal };
  return {
    scheduled: [{ entry, node: target, items: undefined, place: 0 }],
    arrivals: noArrivals,
    exited: node.isExit,
  };
}

/** More edges than any node has, so that a place sorts by ordinal and then by edge. */
const placeStride = 2 ** 20;

class Planner {
  readonly #workflow: CompiledWorkflow;
  readonly #view: object;
  readonly #arrivals: Map<string, Map<string, string>>;
  readonly #scheduled = new Map<string, Scheduled>();
  readonly #joinPlaces = new Map<string, { place: number; edge: number; origin: string }>();
  /** Nodes whose edges were taken in this seal: the other items of a fan-out lead to the same nodes. */
  readonly #left = new Set<string>();
  #exited = false;

  constructor(workflow: CompiledWorkflow, view: object, arrivals: Arrivals) {
    this.#workflow = workflow;
    this.#view = view;
    this.#arrivals = new Map(
      workflow.joins.length === 0 ? [] : [...arrivals].map(([join, seen]) => [join, new Map(seen)]),
    );
  }

  complete(step: StagedStep): void {
    const node = this.#workflow.nodes.get(step.node) as CompiledNode;
    if (step.goto === undefined) this.#leave(node, step.stepId, step.ordinal);
    else this.#jump(node, step, step.goto);
  }

  arrive(node: CompiledNode, origin: string, ordinal: number, edge: number): void {
    if (this.#scheduled.has(node.name)) return;
    const place = ordinal * placeStride + edge;
    if (node.model.kind === "node") {
      this.#scheduled.set(node.name, {
        entry: { node: node.name, origin, edge },
        node,
        items: undefined,
        place,
      });
      return;
    }
    const { items, hash } = listItems(node, this.#view);
    // A fan-out over nothing has completed: what follows it must not wait for ever, and takes its place (S3).
    if (items.length === 0) this.#leave(node, origin, ordinal, edge);
    else {
      const entry = { node: node.name, origin, edge, items: items.length, itemsHash: hash };
      this.#scheduled.set(node.name, { entry, node, items, place });
    }
  }

  finish(): Frontier {
    // Again after each firing: a join that fans out over nothing has completed and may be what another one waits for.
    for (let fired = this.#fireable(); fired.length > 0; fired = this.#fireable()) {
      for (const join of fired) this.#fire(join);
    }
    const scheduled = [...this.#scheduled.values()];
    if (scheduled.length > 1) scheduled.sort((a, b) => a.place - b.place);
    return { scheduled, arrivals: this.#arrivals, exited: this.#exited };
  }

  #fireable(): readonly FiredJoin[] {
    return fireJoins(this.#workflow.joins, this.#arrivals, new Set(this.#scheduled.keys()));
  }

  #fire(join: FiredJoin): void {
    const seen = this.#joinPlaces.get(join.node.name);
    const at = seen ?? { place: Number.MAX_SAFE_INTEGER, edge: 0, origin: join.origin };
    this.#arrivals.delete(join.node.name);
    const entry = { node: join.node.name, origin: at.origin, edge: at.edge };
    this.#scheduled.set(join.node.name, { entry, node: join.node, items: undefined, place: at.place });
    this.#expandJoinedMap(join.node, at.origin, at.edge, at.place);
  }

  #expandJoinedMap(node: CompiledNode, origin: string, edge: number, place: number): void {
    if (node.model.kind === "node") return;
    this.#scheduled.delete(node.name);
    this.arrive(node, origin, Math.floor(place / placeStride), edge);
  }

  /** Takes the node's edges; `through` is the edge that led to it where it is a fan-out over nothing. */
  #leave(node: CompiledNode, origin: string, ordinal: number, through?: number): void {
    if (node.isExit) this.#exited = true;
    if (this.#left.has(node.name)) return;
    this.#left.add(node.name);
    if (node.edges.length === 0) return;
    const routed = node.routes.length === 0 ? undefined : this.#route(node);
    for (const edge of node.edges) {
      if (edge.kind === "route" && routed?.has(edge.to) !== true) continue;
      const target = this.#workflow.nodes.get(edge.to) as CompiledNode;
      const taken = through ?? edge.ordinal;
      if (edge.kind === "join") this.#arriveAtJoin(target, node, origin, ordinal * placeStride + taken);
      else this.arrive(target, origin, ordinal, taken);
    }
  }

  #arriveAtJoin(join: CompiledNode, from: CompiledNode, origin: string, place: number): void {
    const seen = this.#arrivals.get(join.name) ?? new Map<string, string>();
    if (!seen.has(from.name)) seen.set(from.name, origin);
    this.#arrivals.set(join.name, seen);
    if (!this.#joinPlaces.has(join.name))
      this.#joinPlaces.set(join.name, { place, edge: place % placeStride, origin });
  }

  #jump(node: CompiledNode, step: StagedStep, targets: readonly string[]): void {
    if (node.isExit && targets.length === 0) this.#exited = true;
    for (const target of targets) {
      const declared = node.model.gotos.indexOf(target);
      const found = this.#workflow.nodes.get(target);
      if (declared === -1 || found === undefined)
        throw undeclared(`${step.stepId} went to`, target, node.model.gotos);
      this.arrive(found, step.stepId, step.ordinal, node.edges.length + declared);
    }
  }

  #route(node: CompiledNode): Set<string> {
    const chosen = new Set<string>();
    for (const route of node.routes) {
      const choice = route.choose(this.#view);
      for (const target of typeof choice === "string" ? [choice] : choice) {
        if (!route.to.includes(target))
          throw undeclared(`The route of "${node.name}" chose`, target, route.to);
        chosen.add(target);
      }
    }
    return chosen;
  }
}

/** The items of a fan-out as frozen JSON, with the hash of their canonical JSON. */
export function listItems(node: CompiledNode, view: object): { items: readonly Json[]; hash: string } {
  const listed: unknown = node.model.over?.(view);
  if (!Array.isArray(listed)) {
    throw new ValidationError("AF_ITEMS_INVALID", `\`over\` of "${node.name}" gave no list.`, {
      hint: "Return an array, empty if there is nothing to do.",
      context: { node: node.name },
    });
  }
  const { json, value } = encodeJson(listed, `items of ${node.name}`);
  return { items: value as readonly Json[], hash: sha256Hex(json) };
}

function undeclared(what: string, target: string, declared: readonly string[]): GraphError {
  const hint = declared.length === 0 ? "Declare the targets." : `Declared targets: ${declared.join(", ")}.`;
  return new GraphError("AF_ROUTE_TARGET", `${what} "${target}", which is not declared.`, {
    hint,
    context: { target },
  });
}
