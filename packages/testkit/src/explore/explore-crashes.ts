import { AssertionError } from "node:assert/strict";
import type { CrossingFaultKind } from "@agentflow/contracts";
import {
  formatStepId,
  type RunCommit,
  type RunInputOf,
  type RunResultOf,
  type StateSpec,
} from "@agentflow/core";
import { GivenAnswers, type MadeCall } from "../io/scripted-calls.ts";
import type { PretendedProcess } from "../process/pretended-process.ts";
import type { WorkflowSource } from "../run/laboratory.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { type Execution, type Exploration, execute, type Subjected } from "./scenario.ts";

/** How crashes are explored. */
export interface CrashOptions<Result> extends Exploration<Result> {
  /** At most so many points are tried, spread over the run; 500 unless given. */
  readonly pointsMax?: number;
}

/** What was explored. */
export interface ExploredCrashes {
  /** How many crashes the run has survived: each in a run of its own. */
  readonly points: number;
}

const crossed = ["commit", "transact", "io"] as const;
const kinds = ["crashBefore", "crashAfter"] as const satisfies readonly CrossingFaultKind[];

/**
 * Executes a workflow once without trouble, then again for each point at which its process can end: before and after
 * each commit and each outside call. Another process goes on with the run each time; state, rows, canonical log and
 * effects must be those of the first one (ENG-21). A call whose result was not yet stored is made again, under the same
 * idempotency key: that is the same effect. Throws AssertionError with the first point that makes a difference.
 */
export async function exploreCrashes<Spec extends StateSpec>(
  workflow: WorkflowSource<Spec>,
  input: RunInputOf<Spec>,
  options: CrashOptions<RunResultOf<Spec>> = {},
): Promise<ExploredCrashes> {
  const { pointsMax = 500 } = options;
  const subjected = { workflow, input, exploration: options, given: new GivenAnswers() };
  const reference = await execute(subjected, {});
  if (reference.trouble !== undefined) throw reference.trouble.error;
  const again = await execute(subjected, {});
  const unsteady = differenceBetween(reference, again);
  if (unsteady !== undefined) throw failure("Two runs that nothing disturbed differ.", unsteady);
  const crossings = reference.laboratory.process.line.crossings.filter((name) =>
    crossed.some((one) => one === name),
  );
  let points = 0;
  for (const point of spread(crossings.length, pointsMax))
    if (await tryPoint(subjected, reference, point)) points++;
  return { points };
}

interface Point {
  readonly kind: (typeof kinds)[number];
  readonly crossing: number;
}

/** All points of a run with so many crossings, or as many of them, evenly. */
function spread(crossings: number, pointsMax: number): readonly Point[] {
  const all = Array.from({ length: crossings }, (_unused, index) =>
    kinds.map((kind) => ({ kind, crossing: index + 1 })),
  ).flat();
  const stride = Math.max(1, all.length / pointsMax);
  return Array.from(
    { length: Math.ceil(all.length / stride) },
    (_unused, index) => all[Math.floor(index * stride)] as Point,
  );
}

/** True if the process did end there. Throws AssertionError if that made a difference. */
async function tryPoint<Spec extends StateSpec>(
  subjected: Subjected<Spec>,
  reference: Execution,
  { kind, crossing }: Point,
): Promise<boolean> {
  const execution = await execute(subjected, { fault: { kind, crossing, names: crossed } });
  const { first } = execution.laboratory;
  if (first.line.faultedAt === undefined) return false;
  const difference = differenceBetween(reference, execution);
  if (difference === undefined) return true;
  const moment = kind === "crashBefore" ? "before" : "after";
  throw failure(`A crash ${moment} ${whereabouts(first)} makes a difference.`, difference);
}

function differenceBetween(expected: Execution, actual: Execution): Difference | undefined {
  const isWhole = actual.trouble === undefined;
  const effects = isWhole ? effectDifference(expected.run.effects, actual.run.effects) : undefined;
  return effects ?? differenceOf(expected, actual);
}

/** Effects are counted by their keys, as the outside does, and told by what they are. */
function effectDifference(
  expected: readonly MadeCall[],
  actual: readonly MadeCall[],
): Difference | undefined {
  const [wanted, made] = [expected.map(shown), actual.map(shown)];
  const lines = [
    ...without(made, wanted).map((effect) => `${effect} is an effect too many`),
    ...without(wanted, made).map((effect) => `${effect} is missing`),
  ];
  return lines.length === 0 ? undefined : { text: lines.join("\n"), expected: wanted, actual: made };
}

/** What is left of the effects when each of the others has taken one like it away. */
function without(effects: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...effects];
  for (const other of others) if (left.includes(other)) left.splice(left.indexOf(other), 1);
  return left;
}

function shown({ name, input, node }: MadeCall): string {
  return `${name}(${JSON.stringify(input)}) of ${node}`;
}

/** What a process was about to store, had stored, or called when it ended. */
function whereabouts({ line, lastCommit, lastCall }: PretendedProcess): string {
  if (line.faultedAt === "io") return lastCall;
  return `the commit of ${lastCommit.map(contentOf).join(" and ")}`;
}

function contentOf({ create, steps, journal, attempts, marks }: RunCommit): string {
  const marked = marks.map(({ type }) => type);
  const ended = [...steps, ...attempts].map((row) => `the outcome of ${idOf(row)}`);
  const noted = journal.map((row) => `${row.entry.kind} "${row.entry.name}" of ${idOf(row)}`);
  const said = [...ended, ...noted, ...(create === undefined ? marked : ["run.started"])];
  return said.length === 0 ? "the head of the run" : said.join(", ");
}

function idOf(row: { scope: string; superstep: number; node: string; item: number }): string {
  const { scope, superstep, node, item } = row;
  return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
}

function failure(title: string, { text, expected, actual }: Difference): AssertionError {
  const message = [
    title,
    text,
    "",
    "A step is executed again after a crash, on what its journal holds. Give ctx.io the same input each time, read time and",
    "random numbers by ctx, and keep nothing between executions but state.",
  ].join("\n");
  return new AssertionError({ message, expected, actual, operator: "exploreCrashes" });
}
