import { resolve } from "node:path";
import { RunNotFoundError, type RunStatus, RunStatusError, UsageError } from "@agentflow/core";
import { type LoadedWorkflow, loadWorkflow } from "@agentflow/runtime";
import { commandConfiguration, textArgument, textOption } from "../command-configuration.ts";
import { type Addition, executeRun, type Workshop } from "../execute-run.ts";
import { findRun } from "../find-run.ts";
import { replayAddition } from "../replay-report.ts";
import { type CommittedRecord, committedRecord, resumeAddition } from "../resume-report.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import type { Begun } from "../until-stopped.ts";
import { readWorkflowInput } from "../workflow-input.ts";

const unfinished: readonly RunStatus[] = ["queued", "running", "waiting", "paused", "failed"];

/** The run that `--resume` means: the one named, or the newest unfinished one of this workflow. */
async function runToResume(workshop: Workshop, workflow: string, given: string | true): Promise<string> {
  const { store, tenant } = workshop;
  if (given === true) {
    const [newest] = await store.runs.listRuns({ tenant, workflow, status: unfinished, limit: 1 });
    if (newest !== undefined) return newest.runId;
    throw new RunNotFoundError(`There is no unfinished run of ${workflow}.`, {
      hint: `Start one without --resume; \`af runs --workflow ${workflow}\` lists all.`,
    });
  }
  const head = await findRun(store.runs, tenant, given);
  if (head.workflow === workflow) return head.runId;
  throw new RunStatusError(
    `Run ${head.runId} belongs to the workflow ${head.workflow}, not to ${workflow}.`,
    {
      hint: "Name the file of its workflow.",
    },
  );
}

function refuseWithResume(input: CommandInput): void {
  const given = ["input", "runId", "seed"].filter((name) => input.options[name] !== undefined);
  if (given.length === 0) return;
  const flags = given.map((name) => (name === "runId" ? "--run-id" : `--${name}`));
  throw new UsageError(`--resume does not go with ${flags.join(", ")}.`, {
    hint: "A run keeps the input, id and seed that it was started with.",
  });
}

async function start(
  workshop: Workshop,
  loaded: LoadedWorkflow,
  { input, workflowInput }: { readonly input: CommandInput; readonly workflowInput: unknown },
): Promise<Begun> {
  const runId = textOption(input, "runId");
  const seed = textOption(input, "seed");
  const run = await workshop.engine.start(loaded.workflow, workflowInput as never, {
    ...(runId === undefined ? {} : { id: runId }),
    ...(seed === undefined ? {} : { seed }),
    labels: { file: loaded.file, export: loaded.exportName },
  });
  return { run, after: 0 };
}

/** `af run FILE`: starts a workflow, or goes on with a run of it, and shows its progress (CLI-1). */
export const run: CommandHandler = async (input, session) => {
  const resume = input.options["resume"];
  if (resume !== undefined) refuseWithResume(input);
  const workflowInput =
    resume === undefined ? await readWorkflowInput(textOption(input, "input"), session) : undefined;
  const configuration = await commandConfiguration(input, session);
  const file = resolve(session.directory, textArgument(input, "file"));
  const loaded = await loadWorkflow(file, textOption(input, "export"));
  const { workflow } = loaded;
  let before: CommittedRecord | undefined;
  return executeRun({
    configuration,
    session,
    input,
    async begin(workshop) {
      if (resume === undefined) return start(workshop, loaded, { input, workflowInput });
      const runId = await runToResume(workshop, workflow.name, resume === true ? true : String(resume));
      before = await committedRecord(workshop, runId);
      return { run: await workshop.engine.resume(runId, workflow), after: before.events };
    },
    async finish({ engine }, inspection): Promise<Addition> {
      const { runId } = inspection.report;
      const resumed = before === undefined ? undefined : resumeAddition(before, inspection);
      const replayed =
        input.options["replay"] === true ? await replayAddition(engine, runId, workflow) : undefined;
      return {
        members: { ...resumed?.members, ...replayed?.members },
        notes: [...(resumed?.notes ?? []), ...(replayed?.notes ?? [])],
        ...(replayed?.exitCode === undefined ? {} : { exitCode: replayed.exitCode }),
      };
    },
  });
};
