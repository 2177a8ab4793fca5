import { invariant, type RunHead, type StoreBackend, toFailure } from "@agentflow/core";
import {
  type Configuration,
  createEngine,
  type Engine,
  openBackend,
  type Run,
  type RunOutcome,
} from "@agentflow/runtime";
import { followUpFlags } from "./command-configuration.ts";
import { failureLines } from "./error-report.ts";
import { onInterruption } from "./interruption.ts";
import { jsonLines } from "./json-lines.ts";
import { type Progress, progressOn } from "./progress/progress.ts";
import { type Inspection, inspectRun } from "./run-inspection.ts";
import type { Session } from "./session.ts";
import { exitCodes } from "./spec/exit-codes.ts";
import { formatCount } from "./terminal/format-count.ts";
import { formatDuration } from "./terminal/format-duration.ts";
import type { Output } from "./terminal/output.ts";
import { statusText } from "./terminal/status-text.ts";
import { oneLine } from "./terminal/text-table.ts";

const stateLinesMax = 40;

/** What a command works on while it executes a run. */
export interface Workshop {
  readonly engine: Engine;
  readonly store: StoreBackend;
  readonly tenant: string;
}

/** What a command adds to the report of a run that has stopped. */
export interface Addition {
  /** Members of the JSON object. */
  readonly members: object;
  /** Lines for people. */
  readonly notes: readonly string[];
  /** Takes the place of exit code 0. */
  readonly exitCode?: number;
}

/** A run that was begun here, and the last event it had before. */
export interface Begun {
  readonly run: Run;
  readonly after: number;
}

/** What a command wants executed. */
export interface Execution {
  readonly configuration: Configuration;
  readonly session: Session;
  readonly quiet: boolean;
  /** Starts or resumes the run; what it throws leaves no run behind. */
  readonly begin: (workshop: Workshop) => Promise<Begun>;
  readonly finish?: (workshop: Workshop, inspection: Inspection) => Promise<Addition>;
}

const nothing: Addition = { members: {}, notes: [] };

function exitCodeOf(outcome: RunOutcome): number {
  switch (outcome.status) {
    case "succeeded":
      return exitCodes.ok;
    case "waiting":
      return exitCodes.waiting;
    case "paused":
    case "parked":
      return exitCodes.interrupted;
    case "failed":
      return outcome.failure.code === "AF_RUN_BUDGET" ? exitCodes.budgetExceeded : exitCodes.runFailed;
    case "cancelled":
    case "fenced":
      return exitCodes.runFailed;
  }
}

async function showEvents({ run, after }: Begun, progress: Progress): Promise<void> {
  for await (const event of run.events({ after })) progress.apply(event);
}

/** Lets the run go on until it stops by itself, or parks it on the first signal. */
async function untilStopped(
  begin: () => Promise<Begun>,
  output: Output,
  progress: Progress,
): Promise<{ run: Run; outcome: RunOutcome }> {
  let begun: Begun | undefined;
  let parking: Promise<void> | undefined;
  let interrupted = false;
  using _interruption = onInterruption(() => {
    interrupted = true;
    output.note("Parking the run; a second signal ends the process at once.");
    parking = begun?.run.park();
  });
  begun = await begin();
  const { run } = begun;
  if (interrupted) parking ??= run.park();
  const shown = showEvents(begun, progress);
  const outcome = await run.settled();
  await Promise.all([parking, shown]);
  return { run, outcome };
}

function nextCommands({
  head,
  outcome,
  flags,
}: {
  head: RunHead;
  outcome: RunOutcome;
  flags: string;
}): string[] {
  const { runId } = head;
  switch (outcome.status) {
    case "succeeded":
      return [`Next: af show ${runId}${flags}`, `      af replay ${runId}${flags}`];
    case "waiting":
      return [`Next: af why ${runId}${flags}`, `      af resume ${runId}${flags}`];
    case "failed":
      return [`Next: af show ${runId}${flags}`, `      af resume ${runId}${flags}`];
    case "paused":
    case "parked":
      return [`Go on with: af resume ${runId}${flags}`];
    case "cancelled":
    case "fenced":
      return [`Next: af show ${runId}${flags}`];
  }
}

function summary({ report }: Inspection, outcome: RunOutcome, output: Output): string {
  const { runId, workflow, steps, durationMs } = report;
  const status = statusText(outcome.status, output.noteColors);
  return `${status}  ${workflow} ${runId}  ${formatCount(steps.length, "step")} in ${formatDuration(durationMs)}`;
}

function printForPeople(
  inspection: Inspection,
  outcome: RunOutcome,
  { output, notes, next }: { output: Output; notes: readonly string[]; next: readonly string[] },
): void {
  output.note(summary(inspection, outcome, output));
  const failure = outcome.status === "fenced" ? toFailure(outcome.error) : inspection.failure;
  if (failure !== undefined) {
    for (const line of failureLines(failure, output.noteColors)) output.note(line);
    const failed = inspection.report.error?.failed;
    if (failed !== undefined) output.note(`  step  ${failed.step}, attempt ${failed.attempt}`);
  }
  for (const line of notes) output.note(line);
  if (outcome.status === "succeeded") {
    // A terminal shows the beginning; a pipe or file gets all of it.
    const linesMax = output.columns === undefined ? Number.POSITIVE_INFINITY : stateLinesMax;
    for (const line of jsonLines(inspection.report.state, linesMax)) output.line(line);
  }
  for (const line of next) output.note(line);
}

/** Executes a run with live progress, reports how it stopped, and gives the exit code. */
export async function executeRun(execution: Execution): Promise<number> {
  const { configuration, session, quiet, begin, finish } = execution;
  const { output } = session;
  const { tenant = "default" } = configuration.options;
  const troubles = new Set<string>();
  const store = await openBackend(configuration.options);
  try {
    await using engine = await createEngine(configuration.options, {
      store,
      onEmitterError: (emitter, error) => troubles.add(`${emitter}: ${oneLine(toFailure(error).message)}`),
    });
    const workshop: Workshop = { engine, store, tenant };
    const progress = progressOn(output, quiet);
    const { run, outcome } = await untilStopped(() => begin(workshop), output, progress).finally(() =>
      progress.end(),
    );
    const head = await store.runs.readHead(tenant, run.runId);
    invariant(head !== undefined, "a run that was begun has a head");
    const inspection = await inspectRun(engine, run.runId);
    const addition = (await finish?.(workshop, inspection)) ?? nothing;
    if (output.json) {
      const parked = outcome.status === "parked" ? { parked: true } : {};
      output.object({ ...inspection.report, ...parked, ...addition.members });
    }
    const lost = !store.runs.capabilities.durable && outcome.status !== "succeeded";
    const next = store.runs.capabilities.durable
      ? nextCommands({ head, outcome, flags: followUpFlags(configuration) })
      : lost
        ? ["The store memory: ends with this process, and the run with it."]
        : [];
    const notes = [...addition.notes, ...[...troubles].map((trouble) => `warning: emitter ${trouble}`)];
    if (output.json) for (const line of [...notes, ...next]) output.note(line);
    else printForPeople(inspection, outcome, { output, notes, next });
    const code = exitCodeOf(outcome);
    return code === exitCodes.ok ? (addition.exitCode ?? code) : code;
  } finally {
    await store.runs.close();
  }
}
