import {
  type CrossingFault,
  FakeClock,
  FakeHost,
  FakeProcesses,
  SeededScheduler,
} from "@agentflow/contracts";
import {
  type CallInterceptor,
  invariant,
  NoProgressError,
  RunFailedError,
  type RunInputOf,
  type StateSpec,
  type StoreBackend,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import { Engine, type ReplayReport, type Run, type RunOutcome } from "@agentflow/engine";
import { memoryArtifacts, memoryCache, openMemory } from "@agentflow/store";
import { type GivenAnswers, ScriptedCalls } from "../io/scripted-calls.ts";
import type { IoScripts } from "../io/scripts.ts";
import { observeCommits } from "../process/observe-commits.ts";
import { PretendedProcess } from "../process/pretended-process.ts";
import { RealWork, realMoment } from "../process/real-work.ts";
import { type Duration, milliseconds } from "../time/duration.ts";
import { type AskedQuestion, type People, questionOf } from "./people.ts";
import type { Place } from "./recorded-rows.ts";

/** What a test may say of the world in which its runs live; all of it is made up unless given. */
export interface TestEngineOptions {
  /** What the clock says at first; 2026-01-01T00:00:00Z unless given. */
  readonly now?: Date | number | string;
  /** Seed of `ctx.rng` and `ctx.uuid`; "test" unless given. */
  readonly seed?: string;
  /**
   * What answers `ctx.io`, by the name of the call. A call that no script answers is made for real, unless it is declared
   * as an `effect`: then it fails with UnscriptedIoError. `"real"` makes all calls.
   */
  readonly io?: IoScripts | "real";
  readonly limits?: WorkflowLimits;
  /** Where runs are kept; in memory unless given. It stays open. */
  readonly store?: StoreBackend;
}

/** What explorations decide beside: who goes first, what goes wrong, which answers are known. */
export interface Disturbance {
  readonly schedule?: { readonly seed: string; readonly order?: readonly string[] | undefined };
  readonly fault?: CrossingFault;
  readonly given?: GivenAnswers;
}

/**
 * A workflow, or a function that makes it: each process then has one of its own, and what an earlier process kept in
 * memory is lost with it, as it is after a real crash.
 */
export type WorkflowSource<Spec extends StateSpec> = Workflow<Spec> | (() => Workflow<Spec>);

/** A run in a laboratory, whichever process has it. */
export interface Subject {
  readonly runId: string;
  /** Called once a process. */
  makeWorkflow(): Workflow;
  readonly input: RunInputOf<StateSpec>;
  readonly limits: WorkflowLimits | undefined;
  readonly people: People;
  /** By the monotonic clock. */
  readonly startedMs: number;
  run: Pick<Run, "settled"> | undefined;
}

const tenant = "default";
const questionsMax = 1_000;

/**
 * A machine with made-up time, calls and people, on which processes come and go that advance the same runs.
 *
 * 1. Time passes only when nothing else can go on: no commit, no call, no answer, nothing real.
 * 2. When a process ends, the next one goes on with every run that has not ended (S10).
 */
export class Laboratory {
  readonly clock: FakeClock;
  readonly calls: ScriptedCalls;
  readonly backend: StoreBackend;
  readonly scheduler: SeededScheduler;
  readonly seed: string;
  process: PretendedProcess;
  /** The process that began, with the fault that it was given. */
  readonly first: PretendedProcess;
  /** How many processes there have been. */
  processes = 0;
  readonly #machine = new FakeProcesses();
  readonly #observed: ReturnType<typeof observeCommits>;
  readonly #artifacts = memoryArtifacts();
  readonly #cache = memoryCache();
  readonly #options: TestEngineOptions;
  readonly #isScheduled: boolean;
  readonly #realWork = new RealWork();
  readonly #subjects: Subject[] = [];

  constructor(options: TestEngineOptions, { schedule, fault, given }: Disturbance = {}) {
    const { now = "2026-01-01T00:00:00Z", seed = "test", io = {}, store } = options;
    this.#options = options;
    this.#isScheduled = schedule !== undefined;
    this.seed = seed;
    this.clock = new FakeClock(new Date(now).getTime());
    this.backend = store ?? openMemory();
    this.#observed = observeCommits(this.backend);
    const wait = (ms: number): Promise<void> => new Promise((done) => this.clock.setTimer(ms, done));
    this.calls = new ScriptedCalls(io, { given, wait });
    const whenStill = (): Promise<boolean> => this.#meetOutside();
    this.scheduler = new SeededScheduler(schedule?.seed ?? "test", {
      clock: this.clock,
      whenStill,
      isSteady: true,
      ...(schedule?.order === undefined ? {} : { order: schedule.order }),
    });
    this.first = this.#nextProcess(fault);
    this.process = this.first;
  }

  placeOf(runId: string): Place {
    return { backend: this.backend, tenant, runId };
  }

  /** Milliseconds that have passed for a run. */
  elapsedMs({ startedMs }: Subject): number {
    return this.clock.monotonic() - startedMs;
  }

  async add(subject: Subject): Promise<void> {
    this.#subjects.push(subject);
    // Time stops where something is to be sent.
    for (const ms of subject.people.signalTimesMs) this.clock.setTimer(ms, () => undefined);
    await this.#open(subject);
  }

  /**
   * Lets everything happen, time included, until the run has stopped; undefined if `until` came first. Rejects with
   * UnscriptedIoError for a call that the test has no answer for, also if the workflow has caught the error.
   */
  async settle(subject: Subject, until?: Duration): Promise<RunOutcome | undefined> {
    let isOver = false;
    const timeIsUp = until === undefined ? undefined : this.#after(until).then(() => (isOver = true));
    for (;;) {
      const outcome = await this.#drive(subject, timeIsUp);
      if (this.calls.unscripted !== undefined) throw this.calls.unscripted;
      if (isOver) return undefined;
      if (outcome === "crashed") await this.restart();
      else if (outcome?.status === "fenced") throw outcome.error;
      else if (outcome?.status !== "waiting" || !(await this.#goOn(subject))) return outcome;
    }
  }

  /** Lets time pass, and everything that happens meanwhile. */
  async advance(duration: Duration): Promise<void> {
    const endMs = this.clock.monotonic() + milliseconds(duration);
    for (;;) {
      await this.rest();
      const leftMs = endMs - this.clock.monotonic();
      const dues = await Promise.all(this.#subjects.map((subject) => this.#dueInMs(subject)));
      await this.scheduler.drive(this.#after(Math.min(leftMs, ...dues)));
      for (const [index, dueMs] of dues.entries())
        if (dueMs <= leftMs) await this.wake(this.#subjects[index] as Subject);
      if (Math.min(...dues) >= leftMs) break;
    }
    await this.rest();
  }

  /** Lets everything happen that needs no time. */
  async rest(): Promise<void> {
    this.process.clock.beat();
    await this.scheduler.rest();
  }

  /** The process ends as by SIGKILL; the next one takes up the runs. */
  async restart(): Promise<void> {
    this.process.end();
    await this.#observed.settled();
    this.calls.begun.clear();
    this.process = this.#nextProcess();
    for (const subject of this.#subjects) await this.#open(subject);
  }

  /** Interrupts that a run waits for, oldest first. */
  async questions(runId: string): Promise<readonly AskedQuestion[]> {
    const open = await this.backend.waits.listInterrupts({ tenant, runId, limit: questionsMax });
    return Promise.all(
      open.map(async (row) => {
        if (!row.ref) return questionOf(row, row.payload);
        const blobs = await this.backend.runs.readBlobs(tenant, runId, [row.payload]);
        return questionOf(row, blobs.get(row.payload) ?? "null");
      }),
    );
  }

  /** How a run has stopped; undefined for one that has not. */
  async outcomeOf({ run }: Subject): Promise<RunOutcome | undefined> {
    return run === undefined ? undefined : Promise.race([run.settled(), Promise.resolve(undefined)]);
  }

  /** Replays a run by an engine of its own, also once the laboratory is closed. */
  async replay({ runId, makeWorkflow }: Subject): Promise<ReplayReport> {
    await using engine = new Engine({ backend: this.backend, clock: this.clock, host: new FakeHost() });
    return engine.replay(runId, makeWorkflow());
  }

  /** Makes a run that has been given something go on, if it has stopped to wait for that. */
  async wake(subject: Subject): Promise<void> {
    const outcome = await this.outcomeOf(subject);
    if (outcome?.status === "waiting") await this.#open(subject);
  }

  /** Closes the engine as its user would; the store stays open. */
  async close(): Promise<void> {
    await this.scheduler.drive(this.process.engine.close());
    this.process.end();
  }

  async #drive(
    subject: Subject,
    timeIsUp: Promise<unknown> | undefined,
  ): Promise<RunOutcome | "crashed" | undefined> {
    const { run } = subject;
    invariant(run !== undefined, "a run that is driven was started");
    const ends = [run.settled(), this.process.line.crashed.then(() => "crashed" as const)];
    const over = timeIsUp === undefined ? [] : [timeIsUp.then(() => undefined)];
    try {
      return await this.scheduler.drive(Promise.race([...ends, ...over]));
    } catch (error) {
      throw error instanceof NoProgressError ? this.#stuck(subject, error) : error;
    }
  }

  #stuck({ runId }: Subject, cause: NoProgressError): NoProgressError {
    const steps = [...this.calls.begun];
    const where = steps.length === 0 ? "" : `: ${steps.join(", ")} wait for something that never comes`;
    return new NoProgressError(`Run ${runId} can neither go on nor end${where}.`, {
      hint: "Nothing is left that would happen: no timer, no call, no answer. Reach the outside by `ctx.io`, and let each promise of a step settle.",
      context: { runId, steps },
      cause,
    });
  }

  #after(duration: Duration): Promise<void> {
    return new Promise((done) => this.clock.setTimer(milliseconds(duration), done));
  }

  #nextProcess(fault?: CrossingFault): PretendedProcess {
    this.processes++;
    return new PretendedProcess({
      backend: this.#observed.backend,
      clock: this.clock,
      processes: this.#machine,
      pid: 1_000 + this.processes,
      fault,
      artifacts: this.#artifacts,
      cache: this.#cache,
      limits: this.#options.limits,
      interceptor: this.#isScheduled ? this.#scheduled(this.calls) : this.calls,
    });
  }

  /** Lets steps and calls begin and end when the scheduler says so. */
  #scheduled(calls: CallInterceptor): CallInterceptor {
    const between = async (label: string, work: () => unknown): Promise<unknown> => {
      await this.scheduler.point(label);
      try {
        return await work();
      } finally {
        await this.scheduler.point(`${label} ends`);
      }
    };
    return {
      node: (call, proceed) =>
        between(call.attempt === 1 ? call.stepId : `${call.stepId} attempt ${call.attempt}`, () =>
          calls.node(call, proceed),
        ),
      io: (call, proceed) => between(`io "${call.name}" of ${call.stepId}`, () => calls.io(call, proceed)),
    };
  }

  /** Starts the run, or goes on with it unless it has ended: what a caller does who does not know how far it got. */
  async #open(subject: Subject): Promise<void> {
    const { process } = this;
    const crashed = process.line.crashed.then(() => undefined);
    const opened = await Promise.race([this.#openIn(process, subject), crashed]);
    if (opened === undefined) await this.restart();
    else subject.run = opened;
  }

  async #openIn({ engine }: PretendedProcess, subject: Subject): Promise<Pick<Run, "settled">> {
    const { runId, input, limits } = subject;
    const head = await this.backend.runs.readHead(tenant, runId);
    if (head === undefined)
      return engine.start(subject.makeWorkflow(), input, { id: runId, seed: this.seed, limits });
    if (head.status === "paused") return { settled: async () => ({ status: "paused" }) };
    if (head.status !== "failed") return engine.resume(runId, subject.makeWorkflow(), { limits });
    const { failure } = await engine.inspect(runId);
    invariant(failure !== undefined, "a run that failed says why");
    const error = new RunFailedError(failure.message, { failure });
    return { settled: async () => ({ status: "failed", error, failure, others: [] }) };
  }

  /** What happens when nothing goes on by itself: the outside answers, then people do. */
  async #meetOutside(): Promise<boolean> {
    if (this.calls.underWay > 0 || this.process.isStoring) {
      await realMoment();
      return true;
    }
    if (await this.#realWork.wait()) return true;
    for (const subject of this.#subjects) if (await this.#meetPeople(subject)) return true;
    return false;
  }

  /** True if somebody said something to the run. */
  async #meetPeople(subject: Subject): Promise<boolean> {
    const { people, runId } = subject;
    if (people.isSilent || this.process.line.isDead) return false;
    const { engine, line } = this.process;
    // A process that ends while it hears something does not say so.
    const unlessCrashed = (said: Promise<void>): Promise<void> => Promise.race([said, line.crashed]);
    const signals = people.takeSignals(this.elapsedMs(subject));
    for (const { key, value = null } of signals)
      await unlessCrashed(engine.signal(runId, key, value, { by: "test" }));
    let hasSpoken = signals.length > 0;
    for (const asked of await this.questions(runId)) {
      const answer = people.answerTo(asked);
      if (answer === undefined) continue;
      await unlessCrashed(engine.answer(runId, asked.id, answer, { by: "test" }));
      hasSpoken = true;
    }
    if (hasSpoken) await this.wake(subject);
    return hasSpoken;
  }

  /** True if a run that has stopped to wait goes on: by what people say, now or later, or when its time has come. */
  async #goOn(subject: Subject): Promise<boolean> {
    if (await this.#meetPeople(subject)) return true;
    const [signalMs = Number.POSITIVE_INFINITY] = subject.people.signalTimesMs;
    const signalInMs = Math.max(0, signalMs - this.elapsedMs(subject));
    const dueInMs = await this.#dueInMs(subject);
    if (!Number.isFinite(Math.min(signalInMs, dueInMs))) return false;
    await this.scheduler.drive(this.#after(Math.min(signalInMs, dueInMs)));
    if (dueInMs <= signalInMs) await this.wake(subject);
    return true;
  }

  /** When a run that has stopped to wait wants to go on by itself, in milliseconds from now; without, infinity. */
  async #dueInMs(subject: Subject): Promise<number> {
    if ((await this.outcomeOf(subject))?.status !== "waiting") return Number.POSITIVE_INFINITY;
    const head = await this.backend.runs.readHead(tenant, subject.runId);
    return head?.wakeAt === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, head.wakeAt - this.clock.now());
  }
}
