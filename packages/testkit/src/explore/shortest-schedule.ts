import type { WorkflowLimits } from "@agentflow/core";
import type { Difference } from "./difference.ts";

/** A schedule: drawn from a seed, or in a given order of labels. */
export interface Schedule {
  readonly seed?: string;
  readonly order?: readonly string[];
  readonly limits: WorkflowLimits;
}

/** A small change of the order of arrival that makes the difference, in words. */
export interface ShortestSchedule {
  readonly text: string;
  readonly difference: Difference;
}

/** How many schedules are tried to find a smaller one. */
const triesMax = 200;

/**
 * Looks for the smallest change of the order of arrival that makes a difference: one thing that goes before another, else
 * the fewest first things of the order that was found. Undefined if the difference does not come again.
 */
export async function shortestDiffering(given: {
  readonly arrival: readonly string[];
  readonly found: readonly string[];
  readonly differs: (order: readonly string[]) => Promise<Difference | undefined>;
}): Promise<ShortestSchedule | undefined> {
  const { arrival, found, differs } = given;
  let tries = 0;
  for (const { order, text } of [...swaps(arrival, found), ...prefixes(arrival, found)]) {
    if (tries++ === triesMax) return undefined;
    const difference = await differs(order);
    if (difference !== undefined) return { text, difference };
  }
  return undefined;
}

interface Candidate {
  readonly order: readonly string[];
  readonly text: string;
}

/** The order of arrival with one thing moved before another, where the found order has them so; near ones first. */
function swaps(arrival: readonly string[], found: readonly string[]): readonly Candidate[] {
  const placeOf = new Map(found.map((label, place) => [label, place]));
  const pairs = arrival.flatMap((late, to) =>
    arrival.slice(0, to).flatMap((early, from) => {
      const isSwapped = (placeOf.get(late) ?? Number.NaN) < (placeOf.get(early) ?? Number.NaN);
      return isSwapped ? [{ late, early, from, to }] : [];
    }),
  );
  pairs.sort((one, other) => one.to - one.from - (other.to - other.from));
  return pairs.map(({ late, early, from, to }) => ({
    order: [...arrival.slice(0, from), late, ...arrival.slice(from, to), ...arrival.slice(to + 1)],
    text: `It is enough that this comes first:  ${late}\n                        and then:  ${early}`,
  }));
}

/** The first things of the found order, then the order of arrival. */
function prefixes(arrival: readonly string[], found: readonly string[]): readonly Candidate[] {
  // Where both begin alike nothing is different yet.
  const alike = found.findIndex((label, place) => label !== arrival[place]);
  return found.slice(alike).map((_label, index) => {
    const first = found.slice(0, alike + index + 1);
    return {
      order: [...first, ...arrival.filter((label) => !first.includes(label))],
      text: `It is enough that this comes first, in this order:\n${listed(first.slice(alike))}`,
    };
  });
}

/** Labels, one a line. */
export function listed(labels: readonly string[]): string {
  return labels.map((label) => `  ${label}`).join("\n");
}
