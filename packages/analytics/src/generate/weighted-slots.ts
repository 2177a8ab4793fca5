import { invariant } from "@agentflow/core";

/**
 * Shares `slots` places among weights: the index of the weight that each place belongs to, in proportion, in ascending
 * order. A weight too small for a place of its own gets none.
 */
export function weightedSlots(weights: readonly number[], slots: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  invariant(total > 0 && Number.isSafeInteger(total), "weights are whole numbers and not all 0");
  const owners: number[] = [];
  let reached = 0;
  weights.forEach((weight, index) => {
    reached += weight;
    const end = Number((BigInt(reached) * BigInt(slots)) / BigInt(total));
    while (owners.length < end) owners.push(index);
  });
  return owners;
}
