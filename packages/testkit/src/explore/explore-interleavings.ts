import { AssertionError } from "node:assert/strict";
import { type RunInputOf, type RunResultOf, type StateSpec, seededRandom } from "@agentflow/core";
import { GivenAnswers } from "../io/scripted-calls.ts";
import type { WorkflowSource } from "../run/laboratory.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { type Execution, type Exploration, execute, type Subjected } from "./scenario.ts";
import { listed, type Schedule, shortestDiffering } from "./shortest-schedule.ts";

/** How interleavings are explored. */
export interface InterleavingOptions<Result> extends Exploration<Result> {
  /** How many schedules are tried; 100 unless given. */
  readonly runs?: number;
  /** The same seed tries the same schedules again; "interleavings" unless given. */
  readonly seed?: string;
}

/** What was explored. */
export interface ExploredInterleavings {
  readonly runs: number;
  /** How many different orders of steps and calls there were among the runs. */
  readonly orders: number;
}

/**
 * Executes a workflow under many schedules: parallel steps and outside calls begin and end in another order each time,
 * so many at once. State, rows and canonical log must be the same in all (ENG-12). Throws AssertionError with the
 * smallest change of order that makes a difference, and the seed that found it.
 */
export async function exploreInterleavings<Spec extends StateSpec>(
  workflow: WorkflowSource<Spec>,
  input: RunInputOf<Spec>,
  options: InterleavingOptions<RunResultOf<Spec>> = {},
): Promise<ExploredInterleavings> {
  const { runs = 100, seed = "interleavings" } = options;
  const subjected = { workflow, input, exploration: options, given: new GivenAnswers() };
  const inArrival: Schedule = { order: [], limits: {} };
  const reference = await executeBy(subjected, inArrival);
  if (reference.trouble !== undefined) throw reference.trouble.error;
  const orders = new Set([orderOf(reference).join("\n")]);
  for (let index = 0; index < runs; index++) {
    const schedule = { seed: `${seed} ${index}`, limits: limitsOf(`${seed} ${index}`) };
    const execution = await executeBy(subjected, schedule);
    const found = orderOf(execution);
    orders.add(found.join("\n"));
    const difference = differenceOf(reference, execution);
    if (difference === undefined) continue;
    const differs = async (order: readonly string[]): Promise<Difference | undefined> =>
      differenceOf(reference, await executeBy(subjected, { order, limits: schedule.limits }));
    const shortest = await shortestDiffering({ arrival: orderOf(reference), found, differs });
    throw failure({ runs: index + 1, seed, found, shortest, difference: shortest?.difference ?? difference });
  }
  return { runs, orders: orders.size };
}

function executeBy<Spec extends StateSpec>(
  subjected: Subjected<Spec>,
  { seed = "arrival", order, limits }: Schedule,
): Promise<Execution> {
  return execute(subjected, { schedule: { seed, order } }, limits);
}

function orderOf({ laboratory }: Execution): readonly string[] {
  return laboratory.scheduler.released;
}

/** Few slots make queues, many make steps overlap. */
function limitsOf(seed: string): Schedule["limits"] {
  return { maxConcurrent: seededRandom(seed, "limits").pick([1, 2, 3, 8, 16, 16]) };
}

function failure(given: {
  readonly runs: number;
  readonly seed: string;
  readonly found: readonly string[];
  readonly shortest: { readonly text: string } | undefined;
  readonly difference: Difference;
}): AssertionError {
  const { runs, seed, found, shortest, difference } = given;
  const { text, expected, actual } = difference;
  const message = [
    "The result depends on the order in which parallel work goes on.",
    text,
    "",
    shortest?.text ?? `The order that made the difference:\n${listed(found)}`,
    "",
    "Something outside the state is shared: a variable, a file, or a fake that answers by the order of calls.",
    `Found by run ${runs}; { seed: ${JSON.stringify(seed)}, runs: ${runs} } finds it again.`,
  ].join("\n");
  return new AssertionError({ message, expected, actual, operator: "exploreInterleavings" });
}
