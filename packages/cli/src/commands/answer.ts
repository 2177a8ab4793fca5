import { InterruptNotFoundError, type Json, type RunHead, UsageError } from "@agentflow/core";
import { createEngine, type Engine } from "@agentflow/runtime";
import {
  commandConfiguration,
  followUpFlags,
  quoted,
  textArgument,
  textOption,
} from "../command-configuration.ts";
import { readJson } from "../json-value.ts";
import { withRun } from "../open-runs.ts";
import { senderOf } from "../sender.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

const listedMax = 1_000;

/** The interrupt that is meant: the one named, or the only one that the run asks. */
async function interruptOf(engine: Engine, runId: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const open = await engine.approvals({ runId, limit: listedMax });
  const [only] = open;
  if (only === undefined)
    throw new InterruptNotFoundError(`Run ${runId} asks nothing now.`, {
      hint: `\`af why ${runId}\` says what it waits for.`,
      context: { runId },
    });
  if (open.length === 1) return only.id;
  const ids = open.map(({ id }) => quoted(id)).join(", ");
  throw new UsageError(`Run ${runId} asks ${open.length} things. Which one is meant?`, {
    hint: `Name it after the run: ${ids}`,
    context: { runId, asked: open.map(({ id }) => id) },
  });
}

async function giveAnswer(input: CommandInput, session: Session, value: Json): Promise<number> {
  const { output } = session;
  const sender = senderOf(input);
  const configuration = await commandConfiguration(input, session);
  const given = input.arguments["id"];
  const { head, id } = await withRun(configuration, textArgument(input, "run"), async (found) => {
    const { runId, tenant } = found.head;
    await using engine = await createEngine({ store: found.store, tenant });
    const named = await interruptOf(engine, runId, typeof given === "string" ? given : undefined);
    await engine.answer(runId, named, value, sender);
    return { head: found.head, id: named };
  });
  const { runId } = head;
  if (output.json) output.object({ runId, id, value, ...sender });
  output.note(`${sender.by} answered ${id} of run ${runId}.`);
  for (const line of nextLines(head, followUpFlags(configuration))) output.note(line);
  return exitCodes.ok;
}

function nextLines({ runId, owner }: RunHead, flags: string): readonly string[] {
  return owner === undefined ? [`Next: af resume ${runId}${flags}`] : ["Its process goes on with it."];
}

/** `af approve RUN [ID]`: answers `true`. */
export const approve: CommandHandler = (input, session) => giveAnswer(input, session, true);

/** `af reject RUN [ID]`: answers `false`. */
export const reject: CommandHandler = (input, session) => giveAnswer(input, session, false);

/** `af answer RUN [ID] --value JSON`: answers anything. */
export const answer: CommandHandler = async (input, session) => {
  const given = textOption(input, "value");
  if (given === undefined)
    throw new UsageError("af answer needs --value.", {
      hint: "Give the answer as JSON, @FILE, or - for standard input: --value '{\"ok\":true}'",
    });
  return giveAnswer(input, session, await readJson(given, "--value", session));
};
