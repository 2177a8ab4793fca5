import {
  AnswerConflictError,
  InterruptNotFoundError,
  invariant,
  StoreUnavailableError,
} from "@agentflow/core";
import type { Run, RunOutcome } from "@agentflow/engine";
import { openInterrupts, sendSignals } from "./people.ts";
import type { PretendedProcess } from "./pretended-process.ts";
import type { Stage } from "./stage.ts";

const quietTurns = 4;
const hangTurns = 400;

/** How one process left the run: it crashed, it was told of an error and can try again, or the run is where it ends. */
type Left = "crashed" | "again" | "ended";

/** Tries that one process has: each question that people answer takes one. */
const triesMax = 12;

/**
 * Lets one process advance the run, with people answering, until it crashes or the run has succeeded. Rejects with the
 * error that stopped it, unless that was a store that is back again.
 */
export async function advanceToEnd(stage: Stage, process: PretendedProcess): Promise<"crashed" | "ended"> {
  for (let tries = 0; tries < triesMax; tries++) {
    const left = await advanceRun(stage, process);
    if (left !== "again") return left;
  }
  throw new Error(`${process.case.name} does not get on`);
}

async function advanceRun(stage: Stage, process: PretendedProcess): Promise<Left> {
  const run = await orCrash(process, opened(process), stage);
  if (run === "crashed" || run === "again") return run;
  const outcome = await orCrash(process, run.settled(), stage);
  if (outcome === "crashed") return outcome;
  return afterOutcome(stage, process, outcome);
}

async function opened(process: PretendedProcess): Promise<Run | "again"> {
  try {
    return await process.open();
  } catch (error) {
    if (error instanceof StoreUnavailableError) return "again";
    throw error;
  }
}

async function afterOutcome(stage: Stage, process: PretendedProcess, outcome: RunOutcome): Promise<Left> {
  switch (outcome.status) {
    case "succeeded":
      return "ended";
    case "waiting":
      await sendSignals(stage, process.case.signals ?? []);
      await answerOne(stage, process);
      return process.line.isDead ? "crashed" : "again";
    case "failed":
      invariant(process.case.mended !== undefined, `${process.case.name} failed: ${outcome.error.stack}`);
      return "again";
    case "fenced":
      if (outcome.error instanceof StoreUnavailableError) return "again";
      throw outcome.error;
    default:
      throw new Error(`${process.case.name} stopped as ${outcome.status}`);
  }
}

/** Ends the process in an orderly way: closing waits for the emitters. */
export async function closeProcess(stage: Stage, process: PretendedProcess): Promise<"crashed" | "closed"> {
  const closed = process.engine.close().then(
    () => "closed" as const,
    (error: unknown) => {
      if (error instanceof StoreUnavailableError) return "closed" as const;
      throw error;
    },
  );
  return orCrash(process, closed, stage);
}

/** Answers an open interrupt through the process; true if there was one and its answer has arrived. */
async function answerOne(stage: Stage, process: PretendedProcess): Promise<boolean> {
  const [open] = await openInterrupts(stage);
  const answer = open === undefined ? undefined : process.case.answers?.[open];
  if (open === undefined || answer === undefined) return false;
  try {
    const answered = process.engine.answer(stage.runId, open, answer, { by: "somebody" });
    await Promise.race([answered, process.line.crashed]);
  } catch (error) {
    if (!isToldToPeople(error)) throw error;
  }
  return true;
}

/**
 * The errors that the person who answers may get: the store was away, or the answer has arrived already, of which only
 * the acknowledgement was lost, or the run has gone on without it in another process.
 */
function isToldToPeople(error: unknown): boolean {
  return (
    error instanceof StoreUnavailableError ||
    error instanceof AnswerConflictError ||
    error instanceof InterruptNotFoundError
  );
}

/** Waits, letting time pass whenever nothing else can happen. */
async function orCrash<T>(
  process: PretendedProcess,
  wanted: Promise<T>,
  stage: Stage,
): Promise<T | "crashed"> {
  let isDone = false;
  const done = Promise.race([wanted, process.line.crashed.then(() => "crashed" as const)]);
  const note = (): void => {
    isDone = true;
  };
  void done.then(note, note);
  for (let quiet = 0, seen = 0; !isDone; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const crossings = process.line.crossings.length;
    const isBusy = process.line.underWay > 0 || (crossings > seen && !isBeat(process));
    quiet = isBusy ? 0 : quiet + 1;
    seen = crossings;
    if (isDone || quiet < quietTurns) continue;
    if (await answerOne(stage, process)) quiet = 0;
    else if (stage.clock.nextInMs !== undefined) {
      stage.clock.advance(stage.clock.nextInMs);
      quiet = 0;
    } else if (quiet === quietTurns) process.clock.beat();
    invariant(quiet < hangTurns, `${process.case.name} hangs after ${process.line.crossings.at(-1)}`);
  }
  return done;
}

function isBeat({ line }: PretendedProcess): boolean {
  const last = line.crossings.at(-1);
  return last === "beat" || last === "read";
}
