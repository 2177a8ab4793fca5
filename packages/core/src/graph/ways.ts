import type { WorkflowModel } from "./model.ts";

/** Where nodes can lead to, by an edge, a route or a goto, and what can lead to them. */
export interface Ways {
  readonly targets: ReadonlyMap<string, readonly string[]>;
  readonly sources: ReadonlyMap<string, readonly string[]>;
}

/** Gathers all ways of a graph whose names are all declared. */
export function waysOf(model: WorkflowModel): Ways {
  const targets = new Map<string, string[]>();
  const sources = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    listOf(targets, from).push(to);
    listOf(sources, to).push(from);
  };
  for (const { from, to } of model.edges) add(from, to);
  for (const node of model.nodes) for (const target of node.gotos) add(node.name, target);
  return { targets, sources };
}

/** The given nodes and all that can be reached from them along `ways`. */
export function reachedFrom(
  names: readonly string[],
  ways: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const reached = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...(ways.get(name) ?? []));
  }
  return reached;
}

/** The nodes that some run can start: a join needs all its predecessors, or one of them when it settles (S15). */
export function startableNodes(model: WorkflowModel): Set<string> {
  const startable = new Set<string>();
  const waiting = new Map(model.nodes.map((node) => [node.name, new Set(node.join?.predecessors)]));
  const settles = new Set(
    model.nodes.filter((node) => node.join?.when === "settled").map((node) => node.name),
  );
  const ways = startsOf(model);
  const open = [model.entry];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (startable.has(name)) continue;
    startable.add(name);
    for (const { to, isJoin } of ways.get(name) ?? []) {
      const missing = waiting.get(to) as Set<string>;
      missing.delete(name);
      if (!isJoin || missing.size === 0 || settles.has(to)) open.push(to);
    }
  }
  return startable;
}

interface Start {
  readonly to: string;
  readonly isJoin: boolean;
}

function startsOf(model: WorkflowModel): Map<string, Start[]> {
  const starts = new Map<string, Start[]>();
  for (const { from, to, kind } of model.edges) listOf(starts, from).push({ to, isJoin: kind === "join" });
  for (const node of model.nodes) {
    for (const to of node.gotos) listOf(starts, node.name).push({ to, isJoin: false });
  }
  return starts;
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: T[] = [];
  lists.set(key, made);
  return made;
}
