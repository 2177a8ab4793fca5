import {
  type ArtifactStore,
  type CacheScope,
  type CallInterceptor,
  CancelledError,
  type Clock,
  invariant,
  type JournalEntry,
  type Json,
  type LiveEvent,
  type ResponseCache,
  StoreError,
  StoreFailedError,
} from "@agentflow/core";
import type { RunTrace } from "../emit/run-trace.ts";
import { CallScope } from "../flow/call-scope.ts";
import type { FlowExecution } from "../flow/flow-call.ts";
import { RunInbox } from "../people/run-inbox.ts";
import type { Attempt } from "../step/attempt.ts";
import { guardedArtifacts } from "../step/guarded-artifacts.ts";
import type { ParkReason, StepHost } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";
import { boundedWork, transactionTimeoutMs } from "./bounded-work.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";
import { cacheIdentityOf } from "./step-cache.ts";

/** What the steps of an executing run may ask of it. */
export class RunHost implements StepHost {
  readonly runId: string;
  readonly tenant: string;
  readonly seed: string;
  readonly clock: Clock;
  readonly cache: ResponseCache | undefined;
  readonly artifacts: ArtifactStore | undefined;
  readonly inbox: RunInbox;
  readonly interceptor: CallInterceptor | undefined;
  readonly trace: RunTrace | undefined;
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;

  constructor(run: RunExecution, environment: RunEnvironment) {
    const { origin } = run;
    this.runId = origin.runId;
    this.tenant = origin.tenant;
    this.seed = origin.seed;
    this.clock = environment.clock;
    this.cache = environment.cache;
    this.interceptor = environment.interceptor;
    this.trace = run.trace;
    const { artifacts } = environment;
    this.artifacts = artifacts && guardedArtifacts(artifacts, (error) => run.abandon(error));
    this.inbox = new RunInbox(run, environment);
    this.#run = run;
    this.#environment = environment;
  }

  record(task: StepTask, entry: JournalEntry, ends?: number): void {
    this.#run.log.pending.addEntry(task, entry);
    if (ends !== undefined) this.#run.waits.end(task, ends);
  }

  whenDurable(task: StepTask): Promise<void> | undefined {
    return this.#run.whenDurable(task);
  }

  beforeCall(): void {
    // Executing, a call that the journal does not know is simply made.
  }

  transact(
    attempt: Attempt,
    given: Parameters<StepHost["transact"]>[1],
    entry: (value: Json) => JournalEntry,
  ): Promise<void> {
    const { task } = attempt;
    const { timeoutMs = transactionTimeoutMs } = given;
    const work = boundedWork(attempt, given.work, { clock: this.clock, timeoutMs });
    this.ioStarted(attempt);
    const span = this.trace?.call(attempt, "tx", given.name);
    return this.#run.committer
      .transact(this.#run.log, work, (value) => {
        // Rolls back what the work did: the next attempt does it (S12).
        if (attempt.isRevoked) throw new CancelledError(`The attempt of ${task.stepId} has ended.`);
        const made = entry(value);
        task.journal.add(made);
        this.record(task, made);
      })
      .catch((error: unknown) => {
        this.trace?.ended(span, "failed", error instanceof Error ? error : undefined);
        return this.#stopOnTrouble(error);
      })
      .finally(() => {
        this.trace?.ended(span, "succeeded");
        this.ioEnded(attempt);
      });
  }

  /** Trouble of the store is no failure of a step, unlike a statement that it refuses: the run stops here (S13). */
  #stopOnTrouble(error: unknown): Promise<void> {
    if (!(error instanceof StoreError) || error instanceof StoreFailedError) return Promise.reject(error);
    this.#run.abandon(error);
    return Promise.resolve();
  }

  park(attempt: Attempt, reason: ParkReason): void {
    if (attempt.isOver) return;
    if (reason.kind === "answer") this.#environment.answerSchemas.keep(this.runId, reason.key, reason.schema);
    this.#run.park(attempt, reason);
  }

  ioStarted(attempt: Attempt): void {
    attempt.calls++;
  }

  ioEnded(attempt: Attempt): void {
    attempt.calls--;
    this.#run.callEnded(attempt);
  }

  /** A sleep is over when its step is executed again with the entry that says so. */
  hasSlept(): boolean {
    return false;
  }

  boundArtifact(task: StepTask, path: string): string | undefined {
    return this.#run.scopes.of(task).artifacts.get(path);
  }

  beginFlow(attempt: Attempt): FlowExecution {
    const scope = this.#run.scopes.at(attempt.task.stepId);
    invariant(scope instanceof CallScope, `${attempt.task.stepId} has no scope for its calls`);
    return scope.execute(attempt);
  }

  live(event: Omit<LiveEvent, "ts" | "runId">): void {
    this.#environment.outbox.live(this.runId, event);
  }

  cacheIdentity(task: StepTask): ReturnType<StepHost["cacheIdentity"]> {
    return cacheIdentityOf(this.#run.scopes.of(task).workflow);
  }

  cacheScope(kind: "run" | "shared"): CacheScope {
    return kind === "run" ? { kind, tenant: this.tenant, runId: this.runId } : { kind, tenant: this.tenant };
  }
}
