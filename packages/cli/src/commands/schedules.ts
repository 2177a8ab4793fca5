import { resolve } from "node:path";
import { type Json, UsageError } from "@agentflow/core";
import {
  createEngine,
  type Engine,
  type EngineOptions,
  loadWorkflow,
  type Schedule,
  type ScheduleOptions,
} from "@agentflow/runtime";
import {
  commandConfiguration,
  followUpFlags,
  quoted,
  textArgument,
  textOption,
} from "../command-configuration.ts";
import { withRuns } from "../open-runs.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";
import { readWorkflowInput } from "../workflow-input.ts";

const titles = [
  { title: "SCHEDULE" },
  { title: "WORKFLOW" },
  { title: "CRON" },
  { title: "ZONE" },
  { title: "NEXT (UTC)" },
  { title: "LAST RUN" },
] as const;

/** `af schedules list`: the schedules of the store, by name (ENG-44). */
export const listSchedules: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const found = await withRuns(configuration, async (store, tenant) => {
    await using engine = await createEngine({ store, tenant });
    return engine.schedules.list();
  });
  const schedules = found ?? [];
  if (output.json) output.object(schedules);
  else if (schedules.length === 0)
    output.note("No schedules here. Make one: af schedules add NAME FILE --cron PATTERN");
  else for (const line of textTable(titles, schedules.map(row))) output.line(line);
  return exitCodes.ok;
};

/** `af schedules add NAME FILE`: makes a schedule. */
export const addSchedule: CommandHandler = async (input, session) => {
  const cron = textOption(input, "cron");
  if (cron === undefined) {
    throw new UsageError("A schedule needs --cron.", {
      hint: 'Such as --cron "0 9 * * 1-5": at nine on weekdays.',
    });
  }
  const name = textArgument(input, "name");
  const workflowInput = await readWorkflowInput(textOption(input, "input"), session);
  const file = resolve(session.directory, textArgument(input, "file"));
  const { workflow, exportName } = await loadWorkflow(file, textOption(input, "export"));
  const queue = textOption(input, "queue");
  const options: ScheduleOptions = {
    workflow,
    cron,
    input: workflowInput as Json,
    timeZone: textOption(input, "timeZone"),
    missed: textOption(input, "missed") as ScheduleOptions["missed"],
    overlap: textOption(input, "overlap") as ScheduleOptions["overlap"],
    queue,
    key: textOption(input, "key"),
    labels: { file, export: exportName },
  };
  // Its limits are those of the processes that serve.
  const queues = queue === undefined ? {} : { [queue]: {} };
  return change(input, session, { workflows: [workflow], queues }, async (engine, flags) => {
    const schedule = await engine.schedules.create(name, options);
    print(schedule, session.output);
    session.output.note(
      `It starts runs where its workflow is served: af serve ${quoted(textArgument(input, "file"))}${flags}`,
    );
  });
};

/** `af schedules pause NAME`. */
export const pauseSchedule: CommandHandler = (input, session) =>
  change(input, session, {}, async ({ schedules }) =>
    print(await schedules.pause(textArgument(input, "name")), session.output),
  );

/** `af schedules resume NAME`. */
export const resumeSchedule: CommandHandler = (input, session) =>
  change(input, session, {}, async ({ schedules }) =>
    print(await schedules.resume(textArgument(input, "name")), session.output),
  );

/** `af schedules remove NAME`. */
export const removeSchedule: CommandHandler = (input, session) =>
  change(input, session, {}, async ({ schedules }) => {
    const name = textArgument(input, "name");
    await schedules.delete(name);
    if (session.output.json) session.output.object({ name, removed: true });
    else session.output.note(`Removed ${name}; its runs stay.`);
  });

async function change(
  input: CommandInput,
  session: Session,
  options: EngineOptions,
  work: (engine: Engine, flags: string) => Promise<void>,
): Promise<number> {
  const configuration = await commandConfiguration(input, session);
  const retention = { ...configuration.options.retention, background: false };
  await using engine = await createEngine(configuration.options, { retention }, options);
  await work(engine, followUpFlags(configuration));
  return exitCodes.ok;
}

function print(schedule: Schedule, output: Output): void {
  if (output.json) output.object(schedule);
  else for (const line of textTable(titles, [row(schedule)])) output.line(line);
}

function row({ name, workflow, cron, timeZone, isPaused, nextAt, lastRunId }: Schedule): string[] {
  const never = isPaused ? "paused" : "never";
  const next = nextAt === undefined ? never : new Date(nextAt).toISOString().slice(0, 19).replace("T", " ");
  return [name, workflow, cron, timeZone, next, lastRunId ?? ""];
}
