import { createEngine } from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, textArgument, textOption } from "../command-configuration.ts";
import { readJson } from "../json-value.ts";
import { withRun } from "../open-runs.ts";
import { senderOf } from "../sender.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

/** `af signal RUN KEY`: sends an event that `ctx.waitFor` of that key takes (S13). */
export const signal: CommandHandler = async (input, session) => {
  const { output } = session;
  const given = textOption(input, "value");
  const value = given === undefined ? null : await readJson(given, "--value", session);
  const key = textArgument(input, "key");
  const sender = senderOf(input);
  const configuration = await commandConfiguration(input, session);
  const { runId, owner } = await withRun(
    configuration,
    textArgument(input, "run"),
    async ({ store, head }) => {
      await using engine = await createEngine({ store, tenant: head.tenant });
      await engine.signal(head.runId, key, value, sender);
      return head;
    },
  );
  if (output.json) output.object({ runId, key, value, ...sender });
  output.note(`Run ${runId} has the event ${key}.`);
  if (owner === undefined) output.note(`Next: af resume ${runId}${followUpFlags(configuration)}`);
  return exitCodes.ok;
};
