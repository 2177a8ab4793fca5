/**
 * The engine: starts, resumes, replays and tells of runs on one store back end.
 *
 * Role: composition of what runs share and the door through which callers come. It knows no file, no driver and no
 * environment; everything outside is a port.
 */
import {
  type ArtifactStore,
  type CallInterceptor,
  type Clock,
  type Emitter,
  EngineClosedError,
  type EngineMetrics,
  type Host,
  isWorkflow,
  type Json,
  type ResponseCache,
  type RunInputOf,
  type RunResultOf,
  type StateOf,
  type StateSpec,
  type StepLoad,
  type StoreBackend,
  type Tracing,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import { committersOf } from "./commit/group-committer.ts";
import { Outbox } from "./emit/outbox.ts";
import { CountingMetrics, type MetricsSnapshot, metricsBy } from "./emit/run-metrics.ts";
import type { ForkOptions } from "./fork/fork-run.ts";
import type { HeldRun } from "./hold/held-run.ts";
import { HeldRuns } from "./hold/held-runs.ts";
import type { ResumeOptions } from "./hold/resume-options.ts";
import { Mailbox } from "./inbox/mailbox.ts";
import { listenersOf, RunReader } from "./inspect/run-reader.ts";
import { Owner } from "./ownership/owner.ts";
import { AnswerSchemas } from "./people/answer-schemas.ts";
import type { Approval, ApprovalQuery } from "./people/list-approvals.ts";
import { type Answers, People, type Sender } from "./people/people.ts";
import { prepareRun, type StartOptions } from "./run/create-run.ts";
import { checkGrace, type ParkOptions } from "./run/drain.ts";
import { limitClock } from "./run/limit-clock.ts";
import type { RunEnvironment } from "./run/run-environment.ts";
import { type Run, runHandle } from "./run/run-handle.ts";
import { limitsBy } from "./run/run-limits.ts";
import { WorkflowRegistry } from "./run/workflow-registry.ts";
import { Slots } from "./schedule/slots.ts";
import { guardedCache } from "./step/guarded-cache.ts";
import { streamRun } from "./streams/event-stream.ts";
import { checkQueues, type DeclaredQueues } from "./time/declared-queues.ts";
import type { RunServer, ServeOptions, Serving } from "./time/run-server.ts";
import { type EngineSchedules, Schedules } from "./time/schedules.ts";
import { serverOf } from "./time/server-of.ts";

/** Everything an engine works with. */
export interface EngineParts {
  readonly backend: StoreBackend;
  readonly clock: Clock;
  readonly host: Host;
  readonly artifacts?: ArtifactStore | undefined;
  readonly cache?: ResponseCache | undefined;
  readonly emitters?: readonly Emitter[] | undefined;
  readonly tenant?: string | undefined;
  /** What runs are resumed with where nobody names their workflow. */
  readonly workflows?: readonly Workflow[] | undefined;
  /** Queues that runs may wait in, with what holds them back over all processes; every process declares the same. */
  readonly queues?: DeclaredQueues | undefined;
  /** Limits of every run; a run's own win over them (ENG-14). */
  readonly limits?: WorkflowLimits | undefined;
  /** Attempts that run at a time over all runs; no limit if absent. */
  readonly engineConcurrency?: number | undefined;
  /** Takeovers without a commit in between before a run counts as a crash loop (S10). */
  readonly recoveriesMax?: number | undefined;
  /** Stands between runs and the code that they call: for tests that script it. */
  readonly interceptor?: CallInterceptor | undefined;
  /** Where the engine's metrics go; nothing is measured without. */
  readonly metrics?: EngineMetrics | undefined;
  /** Where spans go; none are made without. */
  readonly tracing?: Tracing | undefined;
  readonly onEmitterError?: ((emitter: string, error: unknown) => void) | undefined;
}

/** Starts, resumes, replays and tells of runs on one store. Use `await using`, or `close()`. */
export class Engine extends RunReader implements AsyncDisposable {
  readonly #parts: EngineParts;
  readonly #environment: RunEnvironment;
  readonly #metrics = new CountingMetrics();
  readonly #owner: Owner;
  readonly #mailbox: Mailbox;
  readonly #people: People;
  readonly #held: HeldRuns;
  readonly #workflows: WorkflowRegistry;
  readonly #schedules: Schedules;
  readonly #unwatch: (() => void) | undefined;
  #server: RunServer | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    const { backend, clock, host } = parts;
    super(parts);
    this.#parts = parts;
    this.#workflows = new WorkflowRegistry(parts.workflows ?? []);
    checkQueues(parts.queues ?? {});
    const slots = new Slots(parts.engineConcurrency ?? Number.POSITIVE_INFINITY);
    const outbox = new Outbox({
      emitters: parts.emitters ?? [],
      listeners: listenersOf(this),
      runs: backend.runs,
      clock,
      onEmitterError: parts.onEmitterError ?? (() => undefined),
    });
    this.#environment = {
      backend,
      clock,
      limitClock: limitClock(clock, backend.runs),
      host,
      slots,
      committerOf: committersOf(backend.runs, () => slots.running === 0),
      cache: parts.cache && guardedCache(parts.cache, (error: unknown) => outbox.report("cache", error)),
      artifacts: parts.artifacts,
      interceptor: parts.interceptor,
      metricsOf: metricsBy(this.#metrics, parts.metrics),
      outbox,
      tracing: parts.tracing,
      limitsOf: limitsBy(parts.limits),
      recoveriesMax: parts.recoveriesMax ?? 5,
      queues: new Set(Object.keys(parts.queues ?? {})),
      answerSchemas: new AnswerSchemas(),
      readInbox: (run) => void this.#mailbox.read(run),
    };
    this.#mailbox = new Mailbox({
      tenant: this.tenant,
      backend,
      clock,
      live: (runId) => this.#held.live(runId),
      wakeUp: (runId) => this.#held.wakeUp(runId),
      onReadFailed: (error) => outbox.report("inbox", error),
    });
    this.#people = new People({
      tenant: this.tenant,
      backend,
      schemas: this.#environment.answerSchemas,
      mailbox: this.#mailbox,
      readHead: (runId) => this.readHead(runId),
    });
    this.#owner = new Owner({
      store: backend.owners,
      waits: backend.waits,
      host,
      clock,
      onBeat: () => this.#readInboxes(),
      onBeatFailed: (error) => this.#environment.outbox.report("heartbeat", error),
    });
    this.#held = new HeldRuns({
      environment: this.#environment,
      owner: this.#owner,
      tenant: this.tenant,
      readHead: (runId) => this.readHead(runId),
      checkOpen: () => this.#checkOpen(),
    });
    this.#schedules = this.#openSchedules(parts);
    this.#unwatch = parts.metrics?.watch(() => this.#loads());
  }

  #openSchedules({ backend, clock, host }: EngineParts): Schedules {
    const checkedBy = { environment: this.#environment, tenant: this.tenant };
    return new Schedules({
      clock,
      tenant: this.tenant,
      backend,
      workflows: this.#workflows,
      newId: () => host.newId(),
      check: (workflow, input, options) => prepareRun(workflow, input, options, checkedBy),
      start: (workflow, input, options) => this.#held.start(workflow, input, options),
    });
  }

  /**
   * Starts a run and returns once it is durable (S5). Starting again under an `id`, from any process, gives the run that is
   * there: one that stopped with its process goes on, and one that another process executes is waited for. Rejects with
   * ValidationError, a StoreError, or RunExistsError where the run under that id is of another workflow or input.
   */
  async start<Spec extends StateSpec>(
    workflow: Workflow<Spec>,
    input: RunInputOf<Spec>,
    options: StartOptions = {},
  ): Promise<Run<RunResultOf<Spec>, StateOf<Spec>>> {
    this.#checkOpen();
    return this.#handle<RunResultOf<Spec>, StateOf<Spec>>(
      await this.#held.start(workflow as Workflow, input, options),
    );
  }

  /**
   * Goes on with a stored run from its last commit, in any process (ENG-31); without a workflow, with the one of its name
   * that the engine was made with. A run that has ended is returned as it ended. Rejects with RunNotFoundError,
   * UnregisteredWorkflowError, VersionMismatchError, RunOwnedError or RunStatusError.
   */
  async resume<Spec extends StateSpec>(
    runId: string,
    workflow: Workflow<Spec>,
    options?: ResumeOptions,
  ): Promise<Run<RunResultOf<Spec>, StateOf<Spec>>>;
  async resume(runId: string, options?: ResumeOptions): Promise<Run>;
  async resume(
    runId: string,
    given: Workflow | ResumeOptions = {},
    options: ResumeOptions = {},
  ): Promise<Run> {
    this.#checkOpen();
    if (isWorkflow(given)) return this.#handle(await this.#held.resume(runId, given, options));
    const { workflow } = await this.readHead(runId);
    const found = this.#workflows.require(workflow, `Run ${runId}`);
    return this.#handle(await this.#held.resume(runId, found, given));
  }

  /**
   * Starts a new run from a seal of another one, with its rows up to there, its seed, and a patch of the state (S23). The
   * run that is forked stays as it is, and may still be running. Rejects with RunNotFoundError, ForkPointError,
   * ValidationError for a patch, HistoryRemovedError, VersionMismatchError, or RunExistsError for an id that is taken.
   */
  async fork<Spec extends StateSpec>(
    runId: string,
    options: ForkOptions<Spec>,
  ): Promise<Run<RunResultOf<Spec>, StateOf<Spec>>> {
    this.#checkOpen();
    const { workflow: name } = await this.readHead(runId);
    const workflow = options.workflow ?? this.#workflows.require(name, `Run ${runId}`);
    return this.#handle<RunResultOf<Spec>, StateOf<Spec>>(
      await this.#held.fork(runId, workflow as Workflow, options),
    );
  }

  /** Interrupts of all runs that wait for an answer, the oldest first (ENG-40). */
  approvals(query: ApprovalQuery = {}): Promise<readonly Approval[]> {
    return this.#people.approvals(query);
  }

  /**
   * Answers an interrupt of a run, or several by their ids, of which none is stored unless all may be (S13). Rejects with
   * AnswerConflictError for one that has an answer already, with InterruptNotFoundError for one that the run does not wait
   * for, with ValidationError where a schema that this engine knows does not accept one; a schema that it does not know is
   * asked by whoever goes on with the run. A run of this process goes on at once; one that another process gave back, when
   * it is resumed.
   */
  answer(runId: string, interruptId: string, value: Json, options?: Sender): Promise<void>;
  answer(runId: string, answers: Answers, options?: Sender): Promise<void>;
  answer(runId: string, given: string | Answers, second?: Json | Sender, third?: Sender): Promise<void> {
    return typeof given === "string"
      ? this.#people.answer(runId, { [given]: (second ?? null) as Json }, third ?? {})
      : this.#people.answer(runId, given, (second ?? {}) as Sender);
  }

  /** Sends an event to a run; `ctx.waitFor` with the same key takes it, also if it waits only later (S13). */
  signal(runId: string, key: string, value: Json = null, options: Sender = {}): Promise<void> {
    return this.#people.signal(runId, key, value, options);
  }

  /** Asks the owner of a run, here or elsewhere, to cancel or pause it (S21). */
  request(runId: string, kind: "cancel" | "pause", options: Sender = {}): Promise<void> {
    return this.#people.request(runId, kind, options);
  }

  /**
   * Takes up the runs of the registered workflows that nobody executes: whose time has come, whose turn it is in a queue,
   * that got an answer or an event, or whose process has died; here and in any number of processes at once (ENG-43,
   * ENG-44). Goes on until it is stopped or the engine is closed. Throws ValidationError.
   */
  serve(options: ServeOptions = {}): Serving {
    this.#checkOpen();
    this.#server ??= serverOf(options, {
      ...this.#environment,
      tenant: this.tenant,
      owner: this.#owner,
      held: this.#held,
      workflows: this.#workflows,
      queues: this.#parts.queues ?? {},
      schedules: this.#schedules,
      onFailed: (error) => this.#environment.outbox.report("serve", error),
    });
    const server = this.#server;
    server.look();
    const stop = async (given?: ParkOptions): Promise<void> => {
      if (this.#server === server) this.#server = undefined;
      await server.stop(given);
    };
    return { idle: () => server.idle(), stop, [Symbol.asyncDispose]: () => stop() };
  }

  /** Runs that begin at the times of a cron pattern, where an engine serves (ENG-44). */
  get schedules(): EngineSchedules {
    const all = this.#schedules;
    return {
      create: (name, options) => all.create(name, options),
      list: () => all.list(),
      pause: (name) => all.pause(name),
      resume: (name) => all.resume(name),
      delete: (name) => all.delete(name),
      trigger: async (name) => this.#handle(await all.trigger(name)),
    };
  }

  /** Counts since the engine was made, and what goes on now. */
  metrics(): MetricsSnapshot {
    let queued = 0;
    for (const load of this.#loads()) queued += load.queued;
    return this.#metrics.snapshot(queued);
  }

  /**
   * Parks every run, at once or when running attempts have ended, releases them and stops. The back end stays open:
   * whoever opened it closes it. Rejects with ValidationError for a grace that is none.
   */
  async close(options: ParkOptions = {}): Promise<void> {
    checkGrace(options.graceMs ?? 0);
    this.#closing ??= this.#close(options);
    await this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(options: ParkOptions): Promise<void> {
    try {
      await this.#server?.stop(options);
      await this.#held.close(options);
      await this.#owner.close();
    } finally {
      this.#unwatch?.();
    }
  }

  *#loads(): Generator<StepLoad, void, void> {
    for (const { origin, queue } of this.#held.executing()) {
      const { tenant, workflow } = origin;
      yield { tenant, workflow, running: queue.running, queued: queue.waiting };
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new EngineClosedError("The engine is closed.");
  }

  /** What came in for runs that have not committed since, executing or at rest (S21). */
  #readInboxes(): void {
    void this.#mailbox.readNews([...this.#held.executing()]);
    void this.#held.lookForDue();
  }

  #handle<Result, State extends object>(held: HeldRun): Run<Result, State> {
    const { runId, workflow } = held;
    const { backend, clock } = this.#parts;
    const source = { tenant: this.tenant, runId, runs: backend.runs, clock, listeners: listenersOf(this) };
    return runHandle<Result, State>(held, {
      events: (options = {}) =>
        streamRun(options, { ...source, hasStopped: () => held.hasStopped, workflow }),
      park: (options = {}) => this.#held.park(held, options),
      cancel: () => this.request(runId, "cancel"),
    });
  }
}
