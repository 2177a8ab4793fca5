import type { RecordEvent } from "@agentflow/core";
import { commandConfiguration, listOption, textArgument, textOption } from "../command-configuration.ts";
import { passes } from "../event-filter.ts";
import { onInterruption } from "../interruption.ts";
import { numberOption } from "../number-option.ts";
import { withRun } from "../open-runs.ts";
import { eventLine } from "../progress/line-progress.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { storedEvents } from "../stored-events.ts";
import type { Colors } from "../terminal/output.ts";

const lookEveryMs = 200;

function shown(event: RecordEvent, colors: Colors): string {
  const line = `${String(event.seq).padStart(6)}  ${event.level.padEnd(5)}  ${eventLine(event)}`;
  if (event.level === "ERROR") return colors.red(line);
  if (event.level === "WARN") return colors.yellow(line);
  return event.level === "DEBUG" ? colors.dim(line) : line;
}

/** A pause that the interruption ends at once; resolves to whether to go on. */
function pauses(): { pause: () => Promise<boolean>; stop: () => void; stopped: () => boolean } {
  let stopped = false;
  let wake: () => void = () => undefined;
  return {
    stopped: () => stopped,
    stop() {
      stopped = true;
      wake();
    },
    async pause() {
      if (stopped) return false;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, lookEveryMs);
      await promise;
      clearTimeout(timer);
      return !stopped;
    },
  };
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
  const { pause, stop, stopped } = pauses();
  using _interruption = onInterruption(stop);
  await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    const following = input.options["follow"] === true;
    const events = storedEvents({ runs: store.runs, head, from, pause: following ? pause : undefined });
    for await (const event of events) {
      if (output.closed || stopped()) return;
      if (!passes(event, filter)) continue;
      if (output.json) output.object(event);
      else output.line(shown(event, output.colors));
    }
  });
  return stopped() ? exitCodes.interrupted : exitCodes.ok;
};
