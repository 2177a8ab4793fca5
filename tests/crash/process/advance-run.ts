import { invariant, StoreUnavailableError } from "@agentflow/core";
import type { Run, RunOutcome } from "@agentflow/engine";
import type { CaseProcess } from "./case-process.ts";
import { giveWrongAnswers, isToldToPeople, openInterrupts, sendSignals } from "./people.ts";
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
export async function advanceToEnd(stage: Stage, process: CaseProcess): Promise<"crashed" | "ended"> {
  for (let tries = 0; tries < triesMax; tries++) {
    const left = await advanceRun(stage, process);
    if (left !== "again") return left;
  }
  throw new Error(`${process.case.name} does not get on`);
}

async function advanceRun(stage: Stage, process: CaseProcess): Promise<Left> {
  const run = await orCrash(process, opened(process), stage);
  if (run === "crashed" || run === "again") return run;
  const outcome = await orCrash(process, run.settled(), stage);
  if (outcome === "crashed") return outcome;
  return afterOutcome(stage, process, outcome);
}

async function opened(process: CaseProcess): Promise<Run | "again"> {
  try {
    return await process.open();
  } catch (error) {
    if (error instanceof StoreUnavailableError) return "again";
    throw error;
  }
}

async function afterOutcome(stage: Stage, process: CaseProcess, outcome: RunOutcome): Promise<Left> {
  switch (outcome.status) {
    case "succeeded":
      return "ended";
    case "waiting":
      await sendSignals(stage, process.case.signals ?? []);
      if (!(await answerOne(stage, process))) await passDeadline(stage);
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
export async function closeProcess(stage: Stage, process: CaseProcess): Promise<"crashed" | "closed"> {
  const closed = process.engine.close().then(
    () => "closed" as const,
    (error: unknown) => {
      if (error instanceof StoreUnavailableError) return "closed" as const;
      throw error;
    },
  );
  return orCrash(process, closed, stage);
}

/** Nobody has anything to say: time passes until the run goes on by itself. */
async function passDeadline({ backend, tenant, runId, clock }: Stage): Promise<void> {
  const head = await backend.runs.readHead(tenant, runId);
  if (head?.wakeAt !== undefined) clock.advance(Math.max(0, head.wakeAt - clock.now()));
}

/** Answers an open interrupt through the process; true if there was one and its answer has arrived. */
async function answerOne(stage: Stage, process: CaseProcess): Promise<boolean> {
  const { answers = {}, wrongAnswers } = process.case;
  // Asked once: what is asked meanwhile gets its wrong answer first, too.
  const asked = await openInterrupts(stage);
  if (await giveWrongAnswers(stage, asked, wrongAnswers)) return true;
  const open = asked.find((id) => answers[id] !== undefined);
  const answer = open === undefined ? undefined : answers[open];
  if (open === undefined || answer === undefined) return false;
  try {
    const answered = process.engine.answer(stage.runId, open, answer, { by: "somebody" });
    await Promise.race([answered, process.line.crashed]);
  } catch (error) {
    if (!isToldToPeople(error)) throw error;
  }
  return true;
}

/** Waits, letting time pass whenever nothing else can happen. */
async function orCrash<T>(process: CaseProcess, wanted: Promise<T>, stage: Stage): Promise<T | "crashed"> {
  let isDone = false;
  const done = Promise.race([wanted, process.line.crashed.then(() => "crashed" as const)]);
  const note = (): void => {
    isDone = true;
  };
  void done.then(note, note);
  for (let quiet = 0, seen = 0; !isDone; ) {
    await new Promise((resolve) => setImmediate(resolve));
    quiet = isBusy(process, seen) ? 0 : quiet + 1;
    seen = process.line.crossings.length;
    if (isDone || quiet < quietTurns) continue;
    const isAnswered = await answerOne(stage, process);
    // Looking for questions took time, in which the process may have begun something: no clock moves past that.
    if (isAnswered || isBusy(process, seen)) quiet = 0;
    else if (stage.clock.nextInMs !== undefined) {
      stage.clock.advance(stage.clock.nextInMs);
      quiet = 0;
    } else if (quiet === quietTurns) process.clock.beat();
    invariant(quiet < hangTurns, `${process.case.name} hangs after ${process.line.crossings.at(-1)}`);
  }
  return done;
}

/** Whether a call is under way, or another than those of a heartbeat has come since so many. */
function isBusy({ line }: CaseProcess, seen: number): boolean {
  const last = line.crossings.at(-1);
  const isBeat = last === "beat" || last === "newest";
  return line.underWay > 0 || (line.crossings.length > seen && !isBeat);
}
