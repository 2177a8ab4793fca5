import { invariant, type StoreBackend, toFailure } from "@agentflow/core";
import { type Configuration, createEngine, type Engine, openBackend, openMetrics } from "@agentflow/runtime";
import { followUpFlags } from "./command-configuration.ts";
import { errorObject, failureLines } from "./error-report.ts";
import { exitCodeOf, nextCommands, printOutcome } from "./print-outcome.ts";
import { progressOn } from "./progress/progress.ts";
import { type Inspection, inspectRun } from "./run-inspection.ts";
import type { Session } from "./session.ts";
import type { CommandInput } from "./spec/command-spec.ts";
import { exitCodes } from "./spec/exit-codes.ts";
import type { Output } from "./terminal/output.ts";
import { oneLine } from "./terminal/text-table.ts";
import { durationOption } from "./time-option.ts";
import { type Begun, type Stopped, untilStopped } from "./until-stopped.ts";

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

/** What a command wants executed. */
export interface Execution {
  readonly configuration: Configuration;
  readonly session: Session;
  readonly input: CommandInput;
  /** Starts or resumes the run; what it throws leaves no run behind. */
  readonly begin: (workshop: Workshop) => Promise<Begun>;
  readonly finish?: (workshop: Workshop, inspection: Inspection) => Promise<Addition>;
}

const nothing: Addition = { members: {}, notes: [] };

/** Adds what went wrong beside the steps: an error that nobody awaited. */
function withStrayError(addition: Addition, { strayError }: Stopped, output: Output): Addition {
  if (strayError === undefined) return addition;
  const failure = toFailure(strayError);
  return {
    members: { ...addition.members, error: errorObject(failure) },
    notes: [
      ...addition.notes,
      "The run is parked: the workflow's code threw where no step awaits it.",
      ...failureLines(failure, output.noteColors),
      output.noteColors.dim(strayError.stack ?? ""),
    ],
  };
}

async function report(execution: Execution, workshop: Workshop, stopped: Stopped): Promise<number> {
  const { configuration, finish } = execution;
  const { output } = execution.session;
  const { engine, store, tenant } = workshop;
  const { run, outcome } = stopped;
  const head = await store.runs.readHead(tenant, run.runId);
  invariant(head !== undefined, "a run that was begun has a head");
  const inspection = await inspectRun(engine, run.runId);
  const added = (await finish?.(workshop, inspection)) ?? nothing;
  const { members, notes, exitCode } = withStrayError(added, stopped, output);
  if (output.json) {
    const parked = outcome.status === "parked" ? { parked: true } : {};
    output.object({ ...inspection.report, ...parked, ...members });
    for (const line of notes) output.note(line);
  } else {
    printOutcome(inspection, outcome, { output, notes });
  }
  if (store.runs.capabilities.durable) {
    for (const line of nextCommands(head, outcome, followUpFlags(configuration))) output.note(line);
  } else if (outcome.status !== "succeeded") {
    output.note("The store memory: ends with this process, and the run with it.");
  }
  if (stopped.strayError !== undefined) return exitCodes.runFailed;
  const code = exitCodeOf(outcome);
  return code === exitCodes.ok ? (exitCode ?? code) : code;
}

/** Executes a run with live progress, reports how it stopped, and gives the exit code. */
export async function executeRun(execution: Execution): Promise<number> {
  const { configuration, session, input, begin } = execution;
  const graceMs = durationOption(input, "grace") ?? 0;
  const { output } = session;
  const { tenant = "default" } = configuration.options;
  const troubles = new Set<string>();
  await using served = await openMetrics(configuration);
  if (served !== undefined) output.note(`Metrics at ${served.url}`);
  const store = await openBackend(configuration.options);
  try {
    await using engine = await createEngine(configuration.options, {
      store,
      metrics: served?.metrics,
      onEmitterError: (emitter, error) => troubles.add(`${emitter}: ${oneLine(toFailure(error).message)}`),
    });
    const workshop: Workshop = { engine, store, tenant };
    const progress = progressOn(output, input.options["quiet"] === true);
    const stopped = await untilStopped(() => begin(workshop), { output, graceMs }, progress).finally(() =>
      progress.end(),
    );
    return await report(execution, workshop, stopped);
  } finally {
    await store.runs.close();
    for (const trouble of troubles) output.note(`warning: ${trouble}`);
  }
}
