import { open, waitForDebugger } from "node:inspector/promises";
import { type Json, UsageError } from "@agentflow/core";
import { createEngine, type StepDebug, type StepEnd } from "@agentflow/runtime";
import { commandConfiguration, textArgument, textOption } from "../command-configuration.ts";
import { withRun } from "../open-runs.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { cutText, oneLine } from "../terminal/text-table.ts";

const valueMax = 100;
const usualPort = 9_229;

function brief(value: Json): string {
  return cutText(oneLine(JSON.stringify(value)), valueMax);
}

function endText(end: StepEnd | undefined): string {
  if (end === undefined) return "another way than its journal";
  if (end.failure !== undefined) return `failed: ${end.failure.code} ${oneLine(end.failure.message)}`;
  return end.delta === undefined ? end.status : `${end.status} ${brief(end.delta)}`;
}

function lines({ stepId, attempt, recorded, now, calls, divergence }: StepDebug): string[] {
  return [
    `step ${stepId}, attempt ${attempt}`,
    ...calls.map(({ kind, name, value }) => `  ${kind} ${name}: ${brief(value)}`),
    `  recorded  ${endText(recorded)}`,
    `  now       ${endText(now)}`,
    ...(divergence === undefined
      ? []
      : [
          `It differs in ${divergence.field}.`,
          `  expected ${brief(divergence.expected)}`,
          `  actual   ${brief(divergence.actual)}`,
        ]),
  ];
}

/** Waits for a debugger, and gives what stops in it. */
function inspect(given: string | true): () => void {
  const port = given === true ? usualPort : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--inspect ${String(given)} is no port.`, { hint: "Give 0 for any free port." });
  open(port, "127.0.0.1");
  waitForDebugger();
  return () => {
    // biome-ignore lint/suspicious/noDebugger: stopping here, one step in front of the node's function, is its purpose.
    debugger;
  };
}

/** `af debug RUN --step ID`: executes one step again on its journal, under the inspector if wanted (ENG-55). */
export const debug: CommandHandler = async (input, session) => {
  const { output } = session;
  const step = textOption(input, "step");
  if (step === undefined)
    throw new UsageError("af debug needs a step.", {
      hint: "Give --step ID; `af show RUN` lists the steps.",
    });
  const configuration = await commandConfiguration(input, session);
  const inspected = input.options["inspect"];
  const told = await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    const { workflow } = await loadRunWorkflow(head, input, session);
    await using engine = await createEngine({ store, tenant: head.tenant });
    const onStep =
      inspected === undefined ? {} : { onStep: inspect(inspected === true ? true : String(inspected)) };
    return engine.debug(head.runId, { step, workflow, ...onStep });
  });
  if (output.json) output.object({ ...told, now: told.now ?? null, divergence: told.divergence ?? null });
  else for (const line of lines(told)) output.line(line);
  return told.divergence === undefined ? exitCodes.ok : exitCodes.runFailed;
};
