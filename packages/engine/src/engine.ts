/**
 * The engine: starts, resumes, replays and tells of runs on one store back end.
 *
 * Role: composition of what runs share and the door through which callers come. It knows no file, no driver and no
 * environment; everything outside is a port.
 *
 * 1. A run is executed at most once in a process: resuming one that runs here returns the same run.
 * 2. After `close` no run of this engine advances; all are parked and released (S20).
 */
import {
  type ArtifactStore,
  type Clock,
  type Emitter,
  EngineClosedError,
  encodeJson,
  FencedError,
  type Host,
  type InboxRow,
  type InputOf,
  type Json,
  type ResponseCache,
  type RunEvent,
  RunExistsError,
  type RunHead,
  RunNotFoundError,
  type StateOf,
  type StateSpec,
  type StoreBackend,
  toFailure,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import { GroupCommitter } from "./commit/group-committer.ts";
import { compile } from "./compile/compiled-workflow.ts";
import { Outbox } from "./emit/outbox.ts";
import { readRunEvents } from "./emit/run-events.ts";
import { CountingMetrics, type MetricsSnapshot } from "./emit/run-metrics.ts";
import { answeredBefore, checkInterrupt } from "./inspect/check-interrupt.ts";
import { type Checkpoint, readHistory } from "./inspect/history.ts";
import { inspectRun, type RunView } from "./inspect/run-view.ts";
import { type Explanation, explainRun } from "./inspect/why.ts";
import { Owner } from "./ownership/owner.ts";
import { type ReplayOptions, type ReplayReport, replayRun } from "./replay/replay-run.ts";
import { finishedOutcome } from "./resume/finished-outcome.ts";
import { openRun, startRun } from "./resume/open-run.ts";
import { createRun, type StartOptions } from "./run/create-run.ts";
import type { RunEnvironment } from "./run/run-environment.ts";
import type { RunExecution } from "./run/run-execution.ts";
import { type Run, resultOf } from "./run/run-handle.ts";
import { limitsBy } from "./run/run-limits.ts";
import type { RunOutcome } from "./run/run-outcome.ts";
import { Slots } from "./schedule/slots.ts";
import { guardedCache } from "./step/guarded-cache.ts";

/** Everything an engine works with. */
export interface EngineParts {
  readonly backend: StoreBackend;
  readonly clock: Clock;
  readonly host: Host;
  readonly artifacts?: ArtifactStore | undefined;
  readonly cache?: ResponseCache | undefined;
  readonly emitters?: readonly Emitter[] | undefined;
  readonly tenant?: string | undefined;
  /** Limits of every run; a run's own win over them (ENG-14). */
  readonly limits?: WorkflowLimits | undefined;
  /** Attempts that run at a time over all runs; no limit if absent. */
  readonly engineConcurrency?: number | undefined;
  /** Runs go on before their commits are durable: for a store opened as `batched` (S5). */
  readonly isPipelined?: boolean | undefined;
  /** Takeovers without a commit in between before a run counts as a crash loop (S10). */
  readonly recoveriesMax?: number | undefined;
  readonly onEmitterError?: ((emitter: string, error: unknown) => void) | undefined;
}

/** How a stored run is resumed. */
export interface ResumeOptions {
  /** Go on although the workflow differs from the one that made the run (S19). */
  readonly allowVersionMismatch?: boolean | undefined;
  readonly limits?: WorkflowLimits | undefined;
}

const pollMs = 250;

/** How long closing waits for emitters, in milliseconds. */
const emittersWaitMs = 30_000;

/** Starts, resumes, replays and tells of runs on one store. Use `await using`, or `close()`. */
export class Engine implements AsyncDisposable {
  readonly tenant: string;
  readonly #parts: EngineParts;
  readonly #environment: RunEnvironment;
  readonly #metrics = new CountingMetrics();
  readonly #owner: Owner;
  readonly #live = new Map<string, RunExecution>();
  /** Runs that are being resumed: whoever asks for one meanwhile gets the same. */
  readonly #opening = new Map<string, Promise<HeldRun>>();
  /** Runs that have stopped or will, until their emitters have everything: `close` waits for these. */
  readonly #telling = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    const { backend, clock, host } = parts;
    this.tenant = parts.tenant ?? "default";
    this.#parts = parts;
    const slots = new Slots(parts.engineConcurrency ?? Number.POSITIVE_INFINITY);
    const outbox = new Outbox({
      emitters: parts.emitters ?? [],
      runs: backend.runs,
      clock,
      metrics: this.#metrics,
      onEmitterError: parts.onEmitterError ?? (() => undefined),
    });
    this.#environment = {
      backend,
      clock,
      host,
      slots,
      committer: new GroupCommitter(backend.runs, () => slots.running === 0, parts.isPipelined === true),
      cache: parts.cache && guardedCache(parts.cache, (error: unknown) => outbox.report("cache", error)),
      artifacts: parts.artifacts,
      metrics: this.#metrics,
      outbox,
      limitsOf: limitsBy(parts.limits),
      recoveriesMax: parts.recoveriesMax ?? 5,
    };
    this.#owner = new Owner({
      store: backend.owners,
      host,
      clock,
      onBeat: () => this.#readInboxes(),
      onBeatFailed: (error) => this.#environment.outbox.report("heartbeat", error),
    });
  }

  /** Starts a run and returns once it is durable (S5). Rejects with ValidationError, RunExistsError or a StoreError. */
  async start<Spec extends StateSpec>(
    workflow: Workflow<Spec>,
    input: InputOf<Spec>,
    options: StartOptions = {},
  ): Promise<Run<StateOf<Spec>>> {
    this.#checkOpen();
    await this.#owner.register();
    let created: Promise<void> | undefined;
    const owner = {
      id: this.#owner.id,
      tenant: this.tenant,
      environment: this.#environment,
      adopt: (made: RunExecution): void => {
        this.#adopt(made);
        created = made.log.pending.whenDurable();
      },
    };
    const run = await createRun(workflow as Workflow, input, options, owner);
    await Promise.race([created, run.settled]);
    throwIfNeverStored(run);
    return this.#handle<StateOf<Spec>>(run);
  }

  /**
   * Goes on with a stored run from its last commit, in any process (ENG-31). A run that has ended is returned as it
   * ended. Rejects with RunNotFoundError, VersionMismatchError, RunOwnedError or RunStatusError.
   */
  async resume<Spec extends StateSpec>(
    runId: string,
    workflow: Workflow<Spec>,
    options: ResumeOptions = {},
  ): Promise<Run<StateOf<Spec>>> {
    this.#checkOpen();
    const known = this.#opening.get(runId) ?? this.#live.get(runId);
    if (known !== undefined) return this.#handle<StateOf<Spec>>(await known);
    const opening = this.#open(runId, workflow as Workflow, options);
    this.#opening.set(runId, opening);
    try {
      return this.#handle<StateOf<Spec>>(await opening);
    } finally {
      this.#opening.delete(runId);
    }
  }

  /**
   * Executes the committed steps of a run again on its journal, without any effect, and compares (S25). With `strict`
   * the first divergence is thrown as ReplayMismatchError.
   */
  async replay(runId: string, workflow: Workflow, options: ReplayOptions = {}): Promise<ReplayReport> {
    const head = await this.#readHead(runId);
    return replayRun({ head, workflow: compile(workflow), options, environment: this.#environment });
  }

  /** The checkpoints of a run: its seals, oldest first (ENG-31). */
  async history(runId: string): Promise<readonly Checkpoint[]> {
    return readHistory(await this.#readHead(runId), this.#parts.backend.runs);
  }

  /** What is stored of a run, without its workflow's code. */
  async inspect(runId: string): Promise<RunView> {
    return inspectRun(await this.#readHead(runId), this.#parts.backend.runs);
  }

  /** Why a run is where it is (ENG-56). */
  async why(runId: string): Promise<Explanation> {
    return explainRun(await this.#readHead(runId), this.#parts.backend, this.#parts.clock);
  }

  /** Record events of a run after a seq; with `follow` until it ends, also when another process runs it. */
  async *events(
    runId: string,
    options: { readonly after?: number; readonly follow?: boolean } = {},
  ): AsyncGenerator<RunEvent, void, void> {
    await this.#readHead(runId);
    yield* this.#readEvents(runId, undefined, options);
  }

  /**
   * Answers an interrupt of a run (S13). Rejects with AnswerConflictError if it has an answer already, with
   * InterruptNotFoundError if the run does not wait for it. A run that was released while waiting goes on when it is
   * resumed.
   */
  async answer(
    runId: string,
    interruptId: string,
    value: Json,
    options: { readonly by?: string } = {},
  ): Promise<void> {
    const head = await this.#readHead(runId);
    const { json } = encodeJson(value ?? null, `answer to ${interruptId}`);
    await checkInterrupt(head, interruptId, this.#parts.backend);
    const stored = await this.#put(head, { kind: "answer", key: interruptId, value: json, by: options.by });
    if (stored.kind === "answered") throw answeredBefore(head, stored.row);
  }

  /** Sends an event to a run; `ctx.waitFor` with the same key takes it, also if it waits only later (S13). */
  async signal(
    runId: string,
    key: string,
    value: Json = null,
    options: { readonly by?: string } = {},
  ): Promise<void> {
    const head = await this.#readHead(runId);
    await this.#put(head, {
      kind: "event",
      key,
      value: encodeJson(value, `event ${key}`).json,
      by: options.by,
    });
  }

  /** Asks the owner of a run, here or elsewhere, to cancel or pause it (S21). */
  async request(
    runId: string,
    kind: "cancel" | "pause",
    options: { readonly by?: string } = {},
  ): Promise<void> {
    const head = await this.#readHead(runId);
    await this.#put(head, { kind, key: "", value: "null", by: options.by });
  }

  /** Counts since the engine was made. */
  metrics(): MetricsSnapshot {
    return this.#metrics.snapshot();
  }

  /** Parks every run, releases them and stops. The back end stays open: whoever opened it closes it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const runs = [...this.#live.values()];
    for (const run of runs) run.stop({ type: "run.parked" });
    await Promise.all(runs.map((run) => run.settled));
    await this.#awaitEmitters();
    await this.#owner.close();
  }

  /** One that does not answer is reported and left behind: its events are delivered again after the next resume (S7). */
  async #awaitEmitters(): Promise<void> {
    const { clock, outbox } = this.#environment;
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.setTimer(emittersWaitMs, () => {
        const message = `Emitters did not take all events within ${emittersWaitMs} ms of closing.`;
        outbox.report("close", new EngineClosedError(message));
        resolve();
      });
    });
    await Promise.race([Promise.all(this.#telling), late]);
    cancel();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new EngineClosedError("The engine is closed.");
  }

  /** Throws EngineClosedError once the engine is closing, RunExistsError for a run that is here already. */
  #adopt(run: RunExecution): void {
    const { runId } = run.origin;
    this.#checkOpen();
    if (this.#live.has(runId))
      throw new RunExistsError(`There is already a run ${runId}.`, { context: { runId } });
    this.#live.set(runId, run);
    const told = run.settled.then(async () => {
      this.#live.delete(runId);
      this.#environment.outbox.listeners.notify(runId);
      await this.#environment.outbox.finish(run, run.log.progress.events);
      this.#telling.delete(told);
    });
    this.#telling.add(told);
  }

  async #open(runId: string, workflow: Workflow, options: ResumeOptions): Promise<HeldRun> {
    const head = await this.#readHead(runId);
    const compiled = compile(workflow);
    const ended = await finishedOutcome(head, compiled, this.#parts.backend.runs);
    if (ended !== undefined) {
      this.#tellAgain(head);
      return { runId, settled: Promise.resolve(ended) };
    }
    const limits = this.#environment.limitsOf(workflow.model, options.limits);
    const allowVersionMismatch = options.allowVersionMismatch === true;
    const adopt = (restored: RunExecution): void => this.#adopt(restored);
    const run = await openRun(
      { head, workflow: compiled, limits, allowVersionMismatch, adopt },
      this.#owner,
      this.#environment,
    );
    if (run.outcome === undefined) await this.#begin(run);
    return run;
  }

  /** Starts a restored run; one whose inbox cannot be read must not stay here as if it went on. */
  async #begin(run: RunExecution): Promise<void> {
    try {
      await startRun(run, this.#environment);
    } catch (error) {
      run.abandon(error instanceof Error ? error : new Error(toFailure(error).message));
      throw error;
    }
  }

  /** Its last events may not have reached the emitters before its process ended, and no later commit would say so (S7). */
  #tellAgain({ tenant, runId, emittedSeq, events }: RunHead): void {
    const { outbox } = this.#environment;
    const run = { origin: { tenant, runId }, log: { emitted: emittedSeq } };
    outbox.redeliver(run, events);
    const told = outbox.finish(run, events).then(() => {
      this.#telling.delete(told);
    });
    this.#telling.add(told);
  }

  async #readHead(runId: string): Promise<RunHead> {
    const head = await this.#parts.backend.runs.readHead(this.tenant, runId);
    if (head !== undefined) return head;
    throw new RunNotFoundError(`There is no run ${runId}.`, { context: { runId, tenant: this.tenant } });
  }

  async #put(head: RunHead, row: Omit<InboxRow, "id" | "at">): ReturnType<StoreBackend["inbox"]["put"]> {
    const { tenant, runId } = head;
    const stored = await this.#parts.backend.inbox.put({
      tenant,
      runId,
      row: { ...row, at: this.#parts.clock.now() },
    });
    const run = this.#live.get(runId);
    if (run !== undefined) await this.#readInbox(run);
    return stored;
  }

  #readInboxes(): void {
    for (const run of this.#live.values()) void this.#readInbox(run);
  }

  /** Always all that the run has not seen: others may have written before. */
  async #readInbox(run: RunExecution): Promise<void> {
    const { tenant, runId } = run.origin;
    try {
      run.receive(await this.#parts.backend.inbox.read(tenant, runId, run.parking.inboxSeen));
    } catch (error) {
      this.#environment.outbox.report("inbox", error);
    }
  }

  #readEvents(
    runId: string,
    stopped: Promise<unknown> | undefined,
    options: { readonly after?: number; readonly follow?: boolean },
  ): AsyncGenerator<RunEvent, void, void> {
    const { clock, backend } = this.#parts;
    return readRunEvents(
      { tenant: this.tenant, runId, after: options.after ?? 0, follow: options.follow ?? true },
      {
        runs: backend.runs,
        listeners: this.#environment.outbox.listeners,
        stopped,
        wait: (delayMs) => new Promise((resolve) => clock.setTimer(delayMs, resolve)),
        pollMs,
      },
    );
  }

  #handle<State extends object>(run: HeldRun): Run<State> {
    const runId = "origin" in run ? run.origin.runId : run.runId;
    const stop = async (type: "run.parked" | "run.cancelled"): Promise<RunOutcome> => {
      if ("stop" in run) run.stop({ type });
      return run.settled;
    };
    return {
      runId,
      result: async () => resultOf<State>(runId, await run.settled),
      settled: () => run.settled,
      events: (options = {}) => this.#readEvents(runId, run.settled, options),
      park: async () => {
        await stop("run.parked");
      },
      cancel: async () => {
        const { status } = await stop("run.cancelled");
        if (canGoOn.has(status)) await this.request(runId, "cancel");
      },
    };
  }
}

/** How a run stopped here that another resume can take up: cancelling it is a request to whoever does. */
const canGoOn: ReadonlySet<RunOutcome["status"]> = new Set(["waiting", "paused", "parked"] as const);

/** A run that executes here, or how one ended. */
type HeldRun = RunExecution | { readonly runId: string; readonly settled: RunExecution["settled"] };

/** A first commit that failed leaves no run: starting it failed. */
function throwIfNeverStored(run: RunExecution): void {
  const { outcome } = run;
  if (outcome?.status === "fenced" && !(outcome.error instanceof FencedError) && run.log.progress.seq <= 1)
    throw outcome.error;
}
