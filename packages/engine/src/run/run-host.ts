import {
  type ArtifactStore,
  type CacheScope,
  CancelledError,
  type Clock,
  type InboxRow,
  type JournalEntry,
  type Json,
  type LiveEvent,
  type ResponseCache,
  type TransactionSql,
} from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";
import type { ParkReason, StepHost } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";
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
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;

  constructor(run: RunExecution, environment: RunEnvironment) {
    const { origin } = run;
    this.runId = origin.runId;
    this.tenant = origin.tenant;
    this.seed = origin.seed;
    this.clock = environment.clock;
    this.cache = environment.cache;
    this.artifacts = environment.artifacts;
    this.#run = run;
    this.#environment = environment;
  }

  record(task: StepTask, entry: JournalEntry): void {
    this.#run.log.pending.addEntry(task, entry);
  }

  whenDurable(task: StepTask): Promise<void> | undefined {
    const { mark } = task.journal;
    // A pipelined store keeps the order of commits, so going on early loses at most a tail (S8).
    if (mark === undefined || mark.isDurable || this.#environment.committer.isPipelined) return undefined;
    return mark.whenDurable();
  }

  beforeCall(): void {
    // Executing, a call that the journal does not know is simply made.
  }

  transact(
    attempt: Attempt,
    work: (sql: TransactionSql) => Promise<Json>,
    entry: (value: Json) => JournalEntry,
  ): Promise<void> {
    const { task } = attempt;
    this.ioStarted(attempt);
    return this.#environment.committer
      .transact(this.#run.log, work, (value) => {
        // Rolls back what the work did: the next attempt does it (S12).
        if (attempt.isRevoked) throw new CancelledError(`The attempt of ${task.stepId} has ended.`);
        const made = entry(value);
        task.journal.add(made);
        this.record(task, made);
      })
      .finally(() => this.ioEnded(attempt));
  }

  park(attempt: Attempt, reason: ParkReason): void {
    if (!attempt.isRevoked) this.#run.park(attempt, reason);
  }

  ioStarted(attempt: Attempt): void {
    attempt.calls++;
  }

  ioEnded(attempt: Attempt): void {
    attempt.calls--;
    this.#run.callEnded(attempt);
  }

  answerTo(interruptId: string): InboxRow | undefined {
    return this.#run.parking.answerTo(interruptId);
  }

  takeEvent(key: string): InboxRow | undefined {
    return this.#run.parking.takeEvent(key);
  }

  boundArtifact(task: StepTask, path: string): string | undefined {
    return this.#run.scopes.of(task).artifacts.get(path);
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
