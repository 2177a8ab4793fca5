import { type Json, type JsonChange, type RunHead, UsageError } from "@agentflow/core";
import { createEngine, type Engine, type RunDiff, type StateAt } from "@agentflow/runtime";
import { commandConfiguration, textArgument } from "../command-configuration.ts";
import { findRun } from "../find-run.ts";
import { withRuns } from "../open-runs.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import type { Colors } from "../terminal/output.ts";
import { cutText, oneLine } from "../terminal/text-table.ts";
import { placeOption } from "./fork.ts";

const valueMax = 80;
const changesMax = 8;

function brief(value: Json | undefined): string {
  return value === undefined ? "nothing" : cutText(oneLine(JSON.stringify(value)), valueMax);
}

function changeLines(changes: readonly JsonChange[], colors: Colors): string[] {
  const shown = changes
    .slice(0, changesMax)
    .flatMap(({ path, before, after }) => [
      `  ${path === "" ? "all" : path}`,
      colors.red(`    - ${brief(before)}`),
      colors.green(`    + ${brief(after)}`),
    ]);
  const rest = changes.length - changesMax;
  return rest > 0 ? [...shown, `  ... ${formatCount(rest, "more change")}`] : shown;
}

function runLines({ runs, statuses, divergence, steps, same, state }: RunDiff, colors: Colors): string[] {
  const [first, second] = runs;
  if (steps.length === 0 && state.length === 0)
    return [`${first} and ${second} went the same way, ${formatCount(same, "step")}.`];
  return [
    `- ${first} ${statuses[0]}`,
    `+ ${second} ${statuses[1]}`,
    divergence === undefined
      ? "No step differs."
      : `They part at ${divergence.stepId}${divergence.path === "" ? "" : `, in ${divergence.path}`}; ${formatCount(same, "step")} went the same way.`,
    ...steps.flatMap(({ stepId, kind, changes }) => [
      colors.bold(`${stepId} ${kind}`),
      ...(kind === "changed" ? changeLines(changes, colors) : []),
    ]),
    ...(state.length === 0 ? [] : [colors.bold("state"), ...changeLines(state, colors)]),
  ];
}

interface Side {
  readonly head: RunHead;
  readonly at: string | number | undefined;
}

async function stateSide({ head, at }: Side, input: CommandInput, session: Session): Promise<StateAt> {
  const { workflow } = await loadRunWorkflow(head, input, session);
  return { runId: head.runId, at: at ?? 1, workflow };
}

async function compared(
  engine: Engine,
  [first, second]: readonly [Side, Side],
  by: { readonly input: CommandInput; readonly session: Session },
): Promise<RunDiff | readonly JsonChange[]> {
  if (first.at === undefined && second.at === undefined)
    return engine.diff(first.head.runId, second.head.runId);
  if (first.at === undefined || second.at === undefined) {
    throw new UsageError("A state is compared with a state, a run with a run.", {
      hint: "Write RUN@STEP for both, or for none.",
    });
  }
  const { input, session } = by;
  return engine.diff(await stateSide(first, input, session), await stateSide(second, input, session));
}

/** `af diff A B`: where two runs differ, or two states written RUN@STEP (ENG-31). */
export const diff: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const found = await withRuns(configuration, async (store, tenant) => {
    const side = async (name: string): Promise<Side> => {
      const [run = "", ...place] = textArgument(input, name).split("@");
      const at = place.length === 0 ? undefined : placeOption(place.join("@"));
      return { head: await findRun(store.runs, tenant, run), at };
    };
    const sides = [await side("first"), await side("second")] as const;
    await using engine = await createEngine({ store, tenant });
    return compared(engine, sides, { input, session });
  });
  if (found === undefined) throw new UsageError("There is no store yet, and so no run in it.");
  const { colors } = output;
  if (output.json) output.object(found);
  else if ("runs" in found) for (const line of runLines(found, colors)) output.line(line);
  else if (found.length === 0) output.line("The states are the same.");
  else for (const line of changeLines(found, colors)) output.line(line);
  return exitCodes.ok;
};
