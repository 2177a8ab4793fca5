/** Predecessors of which each one alone leads to the node. */
export interface AnyOf<Name extends string = string> {
  readonly anyOf: readonly Name[];
}

/** Plain edges from each of these nodes: `after: anyOf("a", "b")`, where a bare list would be a join (S15). */
export function anyOf<const Name extends string>(...names: readonly Name[]): AnyOf<Name> {
  return Object.freeze({ anyOf: Object.freeze(names) });
}

/** A node: a plain edge from it. A list: a join of all of them. `anyOf(...)`: a plain edge from each. */
export type After<Name extends string = string> = Name | readonly Name[] | AnyOf<Name>;

/**
 * When a join fires: once all predecessors have completed, or, if some can no longer arrive, with those that have
 * ("settled"). Without "settled" a predecessor that can no longer arrive is a typed error (S15).
 */
export type JoinWhen = "all" | "settled";

/** Where a node stands in the graph. */
export interface Placement<Name extends string = string, Target extends string = string> {
  /** What leads to the node. A node that only gotos, routes or `edge` lead to has none. */
  readonly after?: After<Name>;
  /** How a join waits; only together with a list in `after`. */
  readonly join?: { readonly when: JoinWhen };
  /** Targets that a goto of this node may name (S16). */
  readonly goto?: readonly Target[];
}

/** Where a fan-out stands in the graph, and its items. */
export interface MapPlacement<State, Item, Name extends string = string, Target extends string = string>
  extends Placement<Name, Target> {
  /** The items, from the state the fan-out is dispatched on: pure, one step per item (S2). Items are JSON. */
  readonly over: (state: State) => readonly Item[];
  /** How many of its steps run at a time, at most; the engine's limits hold too. */
  readonly concurrency?: number;
}
