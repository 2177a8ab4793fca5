import type { RecordEvent } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { commandConfiguration, listOption, textArgument, textOption } from "../command-configuration.ts";
import { passes } from "../event-filter.ts";
import { onInterruption } from "../interruption.ts";
import { numberOption } from "../number-option.ts";
import { withRun } from "../open-runs.ts";
import { eventLine } from "../progress/line-progress.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import type { Colors } from "../terminal/output.ts";

function shown(event: RecordEvent, colors: Colors): string {
  const line = `${String(event.seq).padStart(6)}  ${event.level.padEnd(5)}  ${eventLine(event)}`;
  if (event.level === "ERROR") return colors.red(line);
  if (event.level === "WARN") return colors.yellow(line);
  return event.level === "DEBUG" ? colors.dim(line) : line;
}

/** `af tail RUN`: the record events of a run as they are in the store, and with -f those to come. */
export const tail: CommandHandler = async (input, session) => {
  const { output } = session;
  const from = numberOption(input, "from", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
  const filter = {
    types: listOption(input, "type"),
    steps: listOption(input, "step"),
    level: textOption(input, "level"),
  };
  const configuration = await commandConfiguration(input, session);
  const follow = input.options["follow"] === true;
  let interrupted = false;
  await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    await using engine = await createEngine({ store, tenant: head.tenant });
    const events = engine.events(head.runId, { from, modes: ["events"], follow });
    using _interruption = onInterruption(() => {
      interrupted = true;
      // Ends the loop below, also while it waits.
      void events.return();
    });
    for await (const event of events) {
      if (output.closed || interrupted) return;
      if (!("seq" in event) || !passes(event, filter)) continue;
      if (output.json) output.object(event);
      else output.line(shown(event, output.colors));
    }
  });
  return interrupted ? exitCodes.interrupted : exitCodes.ok;
};
