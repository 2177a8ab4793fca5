import type { FakeClock } from "@agentflow/contracts";
import {
  InterruptNotFoundError,
  type Json,
  type RunInputOf,
  type RunResultOf,
  type StateSpec,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import type { MadeCall } from "../io/scripted-calls.ts";
import type { Duration } from "../time/duration.ts";
import { Laboratory, type Subject, type TestEngineOptions, type WorkflowSource } from "./laboratory.ts";
import { type AnswerScripts, type AskedQuestion, People, type ScriptedSignal } from "./people.ts";
import { reportOf, type TestedRun } from "./tested-run.ts";

/** What a test says of one run. */
export interface TestStartOptions {
  /** "run-1" and so on unless given. */
  readonly id?: string;
  /** What people answer, by the name or the id of the interrupt; without an answer the run waits. */
  readonly answers?: AnswerScripts;
  /** Events that are sent to the run. */
  readonly signals?: readonly ScriptedSignal[];
  readonly limits?: WorkflowLimits;
}

/** A run in a test's hands. Nothing of it happens between the calls of its methods and those of its engine. */
export class TestRun<Result = unknown> {
  readonly runId: string;
  readonly #laboratory: Laboratory;
  readonly #subject: Subject;

  /** Made by `TestEngine.start`. */
  constructor(laboratory: Laboratory, subject: Subject) {
    this.runId = subject.runId;
    this.#laboratory = laboratory;
    this.#subject = subject;
  }

  /** Lets everything happen, time included, until the run has ended, waits for an answer, or `until` has passed. */
  async finish(options: { readonly until?: Duration } = {}): Promise<TestedRun<Result>> {
    const outcome = await this.#laboratory.settle(this.#subject, options.until);
    return reportOf<Result>(this.#laboratory, this.#subject, outcome);
  }

  /** The final state, or what a flow returned; throws what the run failed with, or RunStatusError if it does not end. */
  async result(): Promise<Result> {
    return (await this.finish()).result;
  }

  /** What has become of the run so far; time stands still. */
  async report(): Promise<TestedRun<Result>> {
    await this.#laboratory.rest();
    return reportOf<Result>(this.#laboratory, this.#subject, await this.#laboratory.outcomeOf(this.#subject));
  }

  /** Interrupts that wait for an answer, oldest first. */
  async questions(): Promise<readonly AskedQuestion[]> {
    await this.#laboratory.rest();
    return this.#laboratory.questions(this.runId);
  }

  /**
   * Answers the oldest open interrupt of this name, or the one of this id. Rejects with InterruptNotFoundError if the run
   * asks no such thing.
   */
  async answer(interrupt: string, value: Json, options: { readonly by?: string } = {}): Promise<void> {
    const questions = await this.questions();
    const asked = questions.find(({ id, name }) => id === interrupt || name === interrupt);
    if (asked === undefined) {
      const context = { runId: this.runId, interruptId: interrupt, asked: questions.map(({ id }) => id) };
      throw new InterruptNotFoundError(`Run ${this.runId} does not ask ${interrupt}.`, {
        hint: questions.length === 0 ? "The run asks nothing now." : `It asks: ${context.asked.join(", ")}.`,
        context,
      });
    }
    await this.#laboratory.process.engine.answer(this.runId, asked.id, value, options);
    await this.#goOn();
  }

  /** Sends an event to the run. */
  async signal(key: string, value: Json = null): Promise<void> {
    await this.#laboratory.process.engine.signal(this.runId, key, value);
    await this.#goOn();
  }

  async #goOn(): Promise<void> {
    await this.#laboratory.wake(this.#subject);
    await this.#laboratory.rest();
  }
}

/**
 * An engine in memory on a clock that the test moves, with calls and people that the test makes up (ENG-52). Nothing
 * happens by itself: `advance`, `rest` and the methods of a run let it. Use `await using`, or `close()`.
 */
export class TestEngine implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly #laboratory: Laboratory;
  #runs = 0;

  /** Throws ValidationError for options out of range. */
  constructor(options: TestEngineOptions = {}) {
    this.#laboratory = new Laboratory(options);
    this.clock = this.#laboratory.clock;
  }

  /** The engine of the process at hand; another one after each `crash`. */
  get engine(): Engine {
    return this.#laboratory.process.engine;
  }

  /** All outside calls that were made so far, by all runs. */
  get calls(): readonly MadeCall[] {
    return this.#laboratory.calls.made;
  }

  /** Starts a run; resolves once it is durable. */
  async start<Spec extends StateSpec>(
    workflow: WorkflowSource<Spec>,
    input: RunInputOf<Spec>,
    options: TestStartOptions = {},
  ): Promise<TestRun<RunResultOf<Spec>>> {
    const subject = subjectOf(this.#laboratory, workflow, input, { id: `run-${++this.#runs}`, ...options });
    await this.#laboratory.add(subject);
    return new TestRun<RunResultOf<Spec>>(this.#laboratory, subject);
  }

  /** Lets time pass, and everything that happens meanwhile. */
  advance(duration: Duration): Promise<void> {
    return this.#laboratory.advance(duration);
  }

  /** Lets everything happen that needs no time. */
  rest(): Promise<void> {
    return this.#laboratory.rest();
  }

  /** The process ends as by SIGKILL, and another one goes on with all runs that have not ended (S10). */
  crash(): Promise<void> {
    return this.#laboratory.restart();
  }

  close(): Promise<void> {
    return this.#laboratory.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Makes the engine of a test; see `TestEngine`. */
export function testEngine(options: TestEngineOptions = {}): TestEngine {
  return new TestEngine(options);
}

/** A run that is about to begin in a laboratory. */
export function subjectOf<Spec extends StateSpec>(
  laboratory: Laboratory,
  workflow: WorkflowSource<Spec>,
  input: RunInputOf<Spec>,
  { id, answers, signals, limits }: TestStartOptions & { readonly id: string },
): Subject {
  return {
    runId: id,
    makeWorkflow: () => (typeof workflow === "function" ? workflow() : workflow) as unknown as Workflow,
    input: input as RunInputOf<StateSpec>,
    limits,
    people: new People(answers, signals),
    startedMs: laboratory.clock.monotonic(),
    run: undefined,
  };
}
