import { type RecordEvent, UsageError } from "@agentflow/core";
import {
  createEngine,
  type NestedValue,
  type StateValue,
  type StepDelta,
  type StreamItem,
} from "@agentflow/runtime";
import { commandConfiguration, listOption, textArgument, textOption } from "../command-configuration.ts";
import { type EventFilter, passes, passesStep } from "../event-filter.ts";
import { onInterruption } from "../interruption.ts";
import { numberOption } from "../number-option.ts";
import { withRun } from "../open-runs.ts";
import { eventLine } from "../progress/line-progress.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import type { Colors } from "../terminal/output.ts";
import { oneLine } from "../terminal/text-table.ts";

/** What is kept of a run, and so can be read by any process. */
const keptModes = ["events", "deltas", "values"] as const;
type KeptMode = (typeof keptModes)[number];

type Item = RecordEvent | StepDelta | StateValue | NestedValue;

function modesOf(input: CommandInput): readonly KeptMode[] {
  const given = [...new Set(listOption(input, "mode").flatMap((list) => list.split(",")))];
  const live = given.filter((mode) => !keptModes.some((kept) => kept === mode));
  if (live.length > 0)
    throw new UsageError(`af tail cannot show ${live.join(", ")}.`, {
      hint: `It reads what is kept: ${keptModes.join(", ")}. Tokens, progress and custom events are shown while they happen, to readers in the process that executes the run, and are not kept.`,
    });
  return given.length === 0 ? ["events"] : (given as KeptMode[]);
}

function shown(item: Item, colors: Colors): string {
  const place = String(item.seq).padStart(6);
  if ("delta" in item) return `${place}  ${oneLine(`delta  ${item.step}  ${JSON.stringify(item.delta)}`)}`;
  if (!("state" in item)) return shownEvent(item, colors);
  const scope = item.type === "nestedValue" ? ` of ${item.scope}` : "";
  return `${place}  ${oneLine(`value${scope}  after ${item.step}  ${JSON.stringify(item.state)}`)}`;
}

function shownEvent(event: RecordEvent, colors: Colors): string {
  const line = `${String(event.seq).padStart(6)}  ${event.level.padEnd(5)}  ${eventLine(event)}`;
  if (event.level === "ERROR") return colors.red(line);
  if (event.level === "WARN") return colors.yellow(line);
  return event.level === "DEBUG" ? colors.dim(line) : line;
}

function isWanted(item: StreamItem<object, KeptMode>, filter: EventFilter): item is Item {
  // Whoever begins at a number is not told what was taken back.
  if (!("seq" in item)) return false;
  return "level" in item ? passes(item, filter) : passesStep(item.step, filter);
}

/** `af tail RUN`: what is kept of a run, as it is in the store, and with -f what is to come. */
export const tail: CommandHandler = async (input, session) => {
  const { output } = session;
  const from = numberOption(input, "from", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
  const modes = modesOf(input);
  const filter = {
    types: listOption(input, "type"),
    steps: listOption(input, "step"),
    level: textOption(input, "level"),
  };
  const configuration = await commandConfiguration(input, session);
  const follow = input.options["follow"] === true;
  let interrupted = false;
  await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    const loaded = modes.includes("values") ? await loadRunWorkflow(head, input, session) : undefined;
    await using engine = await createEngine({ store, tenant: head.tenant });
    const items = engine.events(head.runId, { from, modes, follow, workflow: loaded?.workflow });
    using _interruption = onInterruption(() => {
      interrupted = true;
      // Ends the loop below, also while it waits.
      void items.return();
    });
    for await (const item of items) {
      if (output.closed || interrupted) return;
      if (!isWanted(item, filter)) continue;
      if (output.json) output.object(item);
      else output.line(shown(item, output.colors));
    }
  });
  return interrupted ? exitCodes.interrupted : exitCodes.ok;
};
