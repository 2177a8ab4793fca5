import { type Json, ValidationError } from "@agentflow/core";
import { createEngine, type ForkPreview, type StatePatch } from "@agentflow/runtime";
import { commandConfiguration, textArgument, textOption } from "../command-configuration.ts";
import { executeRun } from "../execute-run.ts";
import { readJson } from "../json-value.ts";
import { withRun } from "../open-runs.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { textTable } from "../terminal/text-table.ts";

/** A step id, or the number of a checkpoint's event. */
export function placeOption(given: string): string | number {
  return /^\d+$/.test(given) ? Number(given) : given;
}

async function patchOption(input: CommandInput, session: Session): Promise<StatePatch | undefined> {
  const given = textOption(input, "patch");
  if (given === undefined) return undefined;
  const patch: Json = await readJson(given, "--patch", session);
  if (typeof patch === "object" && patch !== null && !Array.isArray(patch)) return patch as StatePatch;
  throw new ValidationError("AF_INPUT_INVALID", "--patch is no object of state fields.", {
    hint: 'Give the fields to change, for example --patch \'{"name":"Ada"}\'.',
  });
}

function previewLines({ runId, point, kept, repeated, calls, effects, durationMs }: ForkPreview): string[] {
  const where = point.scope === "" ? "" : ` of ${point.scope}`;
  const steps = repeated.map(({ stepId, calls: made, effects: named, durationMs: took }) => [
    `  ${stepId}`,
    formatCount(made, "call"),
    named.length === 0 ? "" : `effects: ${named.join(", ")}`,
    formatDuration(took),
  ]);
  return [
    `A fork of ${runId} behind event ${point.event}${where} keeps ${formatCount(kept, "step")}.`,
    `It does again ${formatCount(repeated.length, "step")} with ${formatCount(calls, "call")}, ${formatCount(effects, "effect")} among them, in ${formatDuration(durationMs)}:`,
    ...textTable([{ title: "  STEP" }, { title: "CALLS" }, { title: "" }, { title: "TOOK" }], steps),
  ];
}

/** `af fork RUN --at PLACE`: starts a new run from a checkpoint of another one (ENG-31, S23). */
export const fork: CommandHandler = async (input, session) => {
  const { output } = session;
  const at = placeOption(textOption(input, "at") ?? "1");
  const patch = await patchOption(input, session);
  const configuration = await commandConfiguration(input, session);
  const dryRun = input.options["dryRun"] === true;
  const { head, preview } = await withRun(
    configuration,
    textArgument(input, "run"),
    async ({ store, head: found }) => {
      if (!dryRun) return { head: found, preview: undefined };
      await using engine = await createEngine({ store, tenant: found.tenant });
      return { head: found, preview: await engine.forkPreview(found.runId, { at }) };
    },
  );
  if (preview !== undefined) {
    if (output.json) output.object(preview);
    else for (const line of previewLines(preview)) output.line(line);
    return exitCodes.ok;
  }
  const { workflow } = await loadRunWorkflow(head, input, session);
  const allowVersionMismatch = input.options["allowVersionMismatch"] === true;
  const id = textOption(input, "runId");
  return executeRun({
    configuration,
    session,
    input,
    async begin({ engine }) {
      const { point } = await engine.forkPreview(head.runId, { at });
      const run = await engine.fork(head.runId, { at, patch, id, workflow, allowVersionMismatch });
      return { run, after: point.event };
    },
    finish: async (_workshop, { report }) => ({
      members: { forkedFrom: head.runId },
      notes: [`A fork of ${head.runId}; what differs: af diff ${head.runId} ${report.runId}`],
    }),
  });
};
