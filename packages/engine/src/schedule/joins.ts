import { GraphError } from "@agentflow/core";
import type { CompiledJoin, CompiledNode } from "../compile/compiled-workflow.ts";

/** Per waiting join, the predecessors that completed since its last firing with the step that did (S15). */
export type Arrivals = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A join that fires, and the step id of its first arrival. */
export interface FiredJoin {
  readonly node: CompiledNode;
  readonly origin: string;
}

/**
 * Which joins fire at a seal (S15): all predecessors have arrived and nothing active can still reach one. One that
 * waits for a predecessor that can no longer arrive throws GraphError, or fires with those present if `settled`.
 * `active` are the nodes of the next frontier so far.
 */
export function fireJoins(
  joins: readonly CompiledJoin[],
  arrivals: Arrivals,
  active: Set<string>,
): FiredJoin[] {
  if (arrivals.size === 0) return [];
  let open = joins.filter((join) => arrivals.has(join.node.name));
  const fired: FiredJoin[] = [];
  for (;;) {
    const free = open.filter((join) => !reaches(active, join));
    const next =
      pickFirst(free.filter((join) => isComplete(join, arrivals))) ??
      pickFirst(free.filter((join) => join.settled));
    if (next === undefined) {
      const stuck = free[0];
      // While something else runs, a later seal reports the join that is stuck; the first one is enough.
      if (stuck !== undefined) throw unsatisfied(stuck, arrivals);
      return fired;
    }
    const [origin = ""] = arrivals.get(next.node.name)?.values() ?? [];
    fired.push({ node: next.node, origin });
    active.add(next.node.name);
    open = open.filter((join) => join !== next);
  }
}

/** Among joins that could fire, the first that no other of them leads to; the first declared if they form a ring. */
function pickFirst(candidates: readonly CompiledJoin[]): CompiledJoin | undefined {
  const independent = candidates.find((join) =>
    candidates.every((other) => other === join || !join.upstream.has(other.node.name)),
  );
  return independent ?? candidates[0];
}

function reaches(active: ReadonlySet<string>, join: CompiledJoin): boolean {
  for (const name of active) if (join.upstream.has(name)) return true;
  return false;
}

function isComplete(join: CompiledJoin, arrivals: Arrivals): boolean {
  const seen = arrivals.get(join.node.name);
  return join.predecessors.every((name) => seen?.has(name) === true);
}

function unsatisfied(join: CompiledJoin, arrivals: Arrivals): GraphError {
  const seen = arrivals.get(join.node.name);
  const missing = join.predecessors.filter((name) => seen?.has(name) !== true);
  return new GraphError(
    "AF_JOIN_UNSATISFIED",
    `The join "${join.node.name}" waits for ${missing.join(", ")}, which can no longer arrive.`,
    { context: { node: join.node.name, missing, arrived: [...(seen?.keys() ?? [])] } },
  );
}
