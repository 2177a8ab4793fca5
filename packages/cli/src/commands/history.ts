import { createEngine } from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, textArgument } from "../command-configuration.ts";
import { withRun } from "../open-runs.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { textTable } from "../terminal/text-table.ts";

/** `af history RUN`: the checkpoints of a run, oldest first (ENG-31). */
export const history: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const { runId, checkpoints } = await withRun(
    configuration,
    textArgument(input, "run"),
    async ({ store, head }) => {
      await using engine = await createEngine({ store, tenant: head.tenant });
      return { runId: head.runId, checkpoints: await engine.history(head.runId) };
    },
  );
  if (output.json) {
    output.object(checkpoints);
    return exitCodes.ok;
  }
  const titles = [{ title: "EVENT", align: "right" }, { title: "AFTER STEP" }, { title: "NEXT" }] as const;
  const rows = checkpoints.map(({ event, scope, stepId, next }) => [
    String(event),
    stepId === "" ? `the start${scope}` : stepId,
    next.length === 0 ? output.colors.dim("(end)") : next.join(", "),
  ]);
  for (const line of textTable(titles, rows)) output.line(line);
  const last = checkpoints.findLast(({ next }) => next.length > 0);
  if (last !== undefined)
    output.note(`Next: af fork ${runId} --at ${last.event}${followUpFlags(configuration)}`);
  return exitCodes.ok;
};
