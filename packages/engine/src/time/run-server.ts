/**
 * Takes up the runs of registered workflows that nobody has: due, queued, answered and orphaned ones, and starts those of
 * schedules (ENG-43, ENG-44).
 *
 * 1. It only finds runs; who may go on with one is decided by epochs, so that several servers never execute one twice.
 * 2. It takes no more runs than it may execute at once, and looks again when one has ended.
 * 3. A run that cannot be opened keeps nobody from the others, and is tried again after a while.
 */
import {
  type Clock,
  type QueueLimits,
  type RunHead,
  RunOwnedError,
  type StoreBackend,
  StoreError,
  type Workflow,
} from "@agentflow/core";
import type { HeldRun } from "../hold/held-run.ts";
import type { HeldRuns } from "../hold/held-runs.ts";
import type { Owner } from "../ownership/owner.ts";
import type { ParkOptions } from "../run/drain.ts";
import type { RunExecution } from "../run/run-execution.ts";
import type { WorkflowRegistry } from "../run/workflow-registry.ts";
import { awaitAtMost } from "./await-at-most.ts";
import type { DeclaredQueues } from "./declared-queues.ts";
import type { Schedules } from "./schedules.ts";
import { Waker } from "./waker.ts";

/** How often the store is asked for runs, and for orphans among them; milliseconds. */
const pollMs = 1_000;
const orphansMs = 10_000;

/** When a run that could not be opened is tried again, in milliseconds. */
const retryMs = 60_000;

/** How long stopping waits for a round that is under way, in milliseconds. */
const roundWaitMs = 10_000;

/** Runs that are claimed, or listed as orphans, at a time. */
const pageRuns = 64;

/** How an engine serves. */
export interface ServeOptions {
  /** Runs that execute at a time, beside those that the program starts itself; 100 unless given. */
  readonly concurrency?: number | undefined;
  /** Of the declared queues, those to work on; all unless given. */
  readonly queues?: readonly string[] | undefined;
}

/** Serving, until it is stopped. */
export interface Serving extends AsyncDisposable {
  /** Resolves once a look has found nothing to take up, and nothing that was taken up executes. */
  idle(): Promise<void>;
  /** Takes up nothing more, and gives back what executes, at once or after a grace, for others to go on with. */
  stop(options?: ParkOptions): Promise<void>;
}

/** What a server works with. */
export interface RunServerParts {
  readonly clock: Clock;
  readonly tenant: string;
  readonly backend: StoreBackend;
  readonly owner: Owner;
  readonly held: HeldRuns;
  readonly workflows: WorkflowRegistry;
  readonly queues: DeclaredQueues;
  readonly schedules: Schedules;
  readonly concurrency: number;
  readonly onFailed: (error: unknown) => void;
}

export class RunServer {
  readonly #parts: RunServerParts;
  readonly #waker: Waker;
  readonly #taken = new Map<string, RunExecution | undefined>();
  /** Runs that could not be opened, and when they are tried again, by the monotonic clock. */
  readonly #refused = new Map<string, number>();
  #round: Promise<void> | undefined;
  #isStale = false;
  #cancel: (() => void) | undefined;
  #orphansAt = Number.NEGATIVE_INFINITY;
  /** When a queue has another run by time alone, in wall-clock milliseconds. */
  #queuesAt = Number.POSITIVE_INFINITY;
  #isStopping = false;

  constructor(parts: RunServerParts) {
    this.#parts = parts;
    const { clock, tenant, backend } = parts;
    this.#waker = new Waker({
      clock,
      tenant,
      waits: backend.waits,
      workflows: () => parts.workflows.names,
      room: () => this.#free,
      wake: (heads) => this.#wake(heads),
      looked: ({ nextAt }) => nextAt,
      onFailed: parts.onFailed,
    });
  }

  /** Looks for runs at once; to be called when there may be some. */
  look(): void {
    this.#isStale = true;
    if (this.#isStopping || this.#round !== undefined) return;
    this.#cancel?.();
    this.#round = this.#lookUntilFresh().finally(() => {
      this.#round = undefined;
      this.#arm();
    });
  }

  async idle(): Promise<void> {
    for (;;) {
      this.look();
      await this.#round;
      if (this.#isStopping) return;
      const executing = this.#executing();
      if (executing.length > 0) await Promise.race(executing.map((run) => run.settled));
      // A run that ended since may have made room in a queue, which another look finds out.
      else if (this.#round === undefined) return;
    }
  }

  async stop(options: ParkOptions = {}): Promise<void> {
    this.#isStopping = true;
    this.#cancel?.();
    this.#waker.close();
    // A store that is away must not keep the process from ending.
    await awaitAtMost(this.#parts.clock, roundWaitMs, this.#round);
    await Promise.all(this.#executing().map((run) => this.#giveBack(run, options)));
  }

  #executing(): readonly RunExecution[] {
    return [...this.#taken.values()].filter((run) => run !== undefined);
  }

  /** Whoever serves goes on with a run that was given back at once. */
  async #giveBack(run: RunExecution, options: ParkOptions): Promise<void> {
    await run.drain.within(options);
    run.stop({ type: "run.parked" });
    const { status } = await run.settled;
    if (status !== "parked") return;
    const { tenant, runId } = run.origin;
    const row = {
      kind: "resume",
      key: "",
      value: "null",
      by: undefined,
      at: this.#parts.clock.now(),
    } as const;
    await this.#parts.backend.inbox.put({ tenant, runId, row, durability: run.durability });
  }

  #arm(): void {
    if (this.#isStopping) return;
    this.#cancel?.();
    const { clock } = this.#parts;
    const leftMs = Math.max(0, this.#queuesAt - clock.now());
    this.#cancel = clock.setTimer(Math.min(leftMs, pollMs), () => this.look());
  }

  async #lookUntilFresh(): Promise<void> {
    while (this.#isStale && !this.#isStopping) {
      this.#isStale = false;
      this.#queuesAt = Number.POSITIVE_INFINITY;
      try {
        await this.#parts.schedules.tick(this.#parts.onFailed);
        await this.#takeOrphans();
        await this.#waker.look();
        for (const [queue, limits] of Object.entries(this.#parts.queues)) await this.#claim(queue, limits);
      } catch (error) {
        this.#parts.onFailed(error);
      }
    }
  }

  async #takeOrphans(): Promise<void> {
    const { backend, clock, owner, tenant, workflows } = this.#parts;
    if (clock.monotonic() - this.#orphansAt < orphansMs) return;
    this.#orphansAt = clock.monotonic();
    await owner.register();
    const living = await owner.findLiving();
    const request = { tenant, workflows: workflows.names, living, limit: pageRuns };
    for (const head of await backend.owners.listOrphans(request))
      if (this.#isWanted(head)) await this.#take(head);
  }

  async #claim(queue: string, limits: QueueLimits): Promise<void> {
    const { backend, clock, owner, tenant, workflows } = this.#parts;
    await owner.register();
    for (let free = this.#free; free > 0 && !this.#isStopping; free = this.#free) {
      const limit = Math.min(free, pageRuns);
      const request = {
        tenant,
        queue,
        workflows: workflows.names,
        limits,
        now: clock.now(),
        limit,
        ownerId: owner.id,
      };
      const { heads, nextAt } = await backend.queues.claimQueued(request);
      const fresh = heads.filter(({ runId }) => !this.#taken.has(runId));
      await Promise.all(fresh.map((head) => this.#take(head)));
      if (fresh.length > 0) continue;
      if (nextAt !== undefined) this.#queuesAt = Math.min(this.#queuesAt, nextAt);
      return;
    }
  }

  get #free(): number {
    return this.#parts.concurrency - this.#taken.size;
  }

  #isWanted({ runId, workflow }: RunHead): boolean {
    const retryAt = this.#refused.get(runId);
    const isRefused = retryAt !== undefined && this.#parts.clock.monotonic() < retryAt;
    return !isRefused && !this.#taken.has(runId) && this.#parts.workflows.find(workflow) !== undefined;
  }

  /** Goes on with a run, if there is room. Never rejects. */
  async #take(head: RunHead): Promise<void> {
    const workflow = this.#parts.workflows.find(head.workflow);
    if (this.#free <= 0 || this.#isStopping || workflow === undefined) return;
    await this.#opens(head, () => this.#parts.held.take(head, workflow));
  }

  /** Goes on with due runs, as many as there is room for; how many are still due. */
  async #wake(heads: readonly RunHead[]): Promise<number> {
    const wanted = heads.flatMap((head): (readonly [RunHead, Workflow])[] => {
      const workflow = this.#isWanted(head) ? this.#parts.workflows.find(head.workflow) : undefined;
      return workflow === undefined ? [] : [[head, workflow]];
    });
    if (this.#isStopping) return heads.length;
    const due = wanted.slice(0, Math.max(0, this.#free));
    const opening = this.#parts.held.takeDue(due);
    const opened = await Promise.all(
      due.map(([head], index) => this.#opens(head, () => opening[index] as Promise<HeldRun>)),
    );
    return heads.length - opened.filter((isOpen) => isOpen).length;
  }

  /** False if the run was not taken. Never rejects. */
  async #opens({ runId }: RunHead, open: () => Promise<HeldRun>): Promise<boolean> {
    this.#taken.set(runId, undefined);
    try {
      this.#serves(await open());
      return true;
    } catch (error) {
      this.#taken.delete(runId);
      if (error instanceof RunOwnedError) return false;
      if (!(error instanceof StoreError)) this.#refused.set(runId, this.#parts.clock.monotonic() + retryMs);
      this.#parts.onFailed(error);
      return false;
    }
  }

  #serves({ runId, execution }: HeldRun): void {
    if (execution === undefined) {
      this.#taken.delete(runId);
      return;
    }
    this.#refused.delete(runId);
    this.#taken.set(runId, execution);
    void execution.settled.then(() => {
      this.#taken.delete(runId);
      this.look();
    });
  }
}
