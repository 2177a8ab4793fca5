/**
 * The runs that callers of this process hold: those it executes, those that rest until something is due, and those it was
 * asked for that go on elsewhere.
 *
 * 1. A run is executed at most once in a process: whoever asks for one that is held gets the same.
 * 2. A start under an id that is taken gives the run that is there, if it is the same work.
 * 3. A run that rests was given back: it goes on here when it is due, unless another process was faster.
 * 4. After `close` no run of this process advances; all are parked and released (S20).
 */
import {
  EngineClosedError,
  FencedError,
  invariant,
  type RestedRun,
  RunExistsError,
  type RunHead,
  RunOwnedError,
  StoreError,
  StoreUnavailableError,
  toFailure,
  type Workflow,
} from "@agentflow/core";
import { type CompiledWorkflow, compile } from "../compile/compiled-workflow.ts";
import { type ForkOptions, forkRun } from "../fork/fork-run.ts";
import type { Owner } from "../ownership/owner.ts";
import { checkVersion } from "../resume/check-version.ts";
import { finishedOutcome } from "../resume/finished-outcome.ts";
import { type OpenedRun, openRun, startRun } from "../resume/open-run.ts";
import { stoppedOutcome } from "../resume/stopped-outcome.ts";
import { checkSameRun } from "../run/check-same-run.ts";
import {
  checkRunId,
  createLater,
  createRun,
  type PreparedRun,
  prepareRun,
  type StartOptions,
} from "../run/create-run.ts";
import type { ParkOptions } from "../run/drain.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import type { RunExecution } from "../run/run-execution.ts";
import type { RunOutcome } from "../run/run-outcome.ts";
import { awaitAtMost } from "../time/await-at-most.ts";
import type { Delay } from "../time/delayed-start.ts";
import { type Look, Waker } from "../time/waker.ts";
import { FollowedRuns, isFollowed } from "./followed-runs.ts";
import { HeldRun, type HeldRunParts } from "./held-run.ts";
import { type ResumeOptions, resumedBy } from "./resume-options.ts";
import { type DueRun, takeRested } from "./take-rested.ts";

/** What held runs work with. */
export interface HeldRunsParts {
  readonly environment: RunEnvironment;
  readonly owner: Owner;
  readonly tenant: string;
  /** Throws RunNotFoundError. */
  readonly readHead: (runId: string) => Promise<RunHead>;
  /** Throws EngineClosedError once the engine is closing. */
  readonly checkOpen: () => void;
}

/** How long closing waits for runs to be parked, which a store that is away holds up, and for emitters; milliseconds. */
const parkingWaitMs = 10_000;
const emittersWaitMs = 30_000;

/**
 * When a run that is due and could not be opened, because of its store, is tried again; milliseconds. A heartbeat comes
 * before: what the store has taken for us without saying so is given back by then.
 */
const retryMs = 5_000;

export class HeldRuns {
  readonly #parts: HeldRunsParts;
  readonly #held = new Map<string, HeldRun>();
  readonly #followed: FollowedRuns;
  readonly #waker: Waker;
  readonly #follow = (held: HeldRun): void => this.#followed.add(held);
  /** Runs that are being resumed, and ids under which runs are being started. */
  readonly #opening = new Map<string, Promise<HeldRun>>();
  readonly #starting = new Map<string, Promise<HeldRun>>();
  /** Runs that have stopped or will, until their emitters have everything. */
  readonly #telling = new Set<Promise<void>>();

  constructor(parts: HeldRunsParts) {
    this.#parts = parts;
    const { clock, backend, outbox } = parts.environment;
    const { tenant } = parts;
    this.#followed = new FollowedRuns({
      clock,
      readHead: (runId) => backend.runs.readHead(tenant, runId),
      learn: (held, head) => this.#learn(held, head),
      onMoved: (runId) => outbox.notify(runId),
      onReadFailed: (error) => outbox.report("follow", error),
    });
    this.#waker = new Waker({
      clock,
      tenant,
      waits: backend.waits,
      workflows: () => this.#restingWorkflows(),
      wake: (heads) => this.#wake(heads),
      looked: (look) => this.#looked(look),
      onFailed: (error) => outbox.report("wake", error),
    });
  }

  /** The run, if it executes here. */
  live(runId: string): RunExecution | undefined {
    return this.#held.get(runId)?.execution;
  }

  /** The runs that execute here. */
  *executing(): Generator<RunExecution, void, void> {
    for (const { execution } of this.#held.values()) if (execution !== undefined) yield execution;
  }

  /** Starts a run, or finds the one that was started under the id before. */
  async start(workflow: Workflow, input: unknown, options: StartOptions): Promise<HeldRun> {
    await this.#parts.owner.register();
    const prepared = await prepareRun(workflow, input, options, this.#parts);
    const { id } = options;
    if (id === undefined) return this.#startNew(prepared);
    // Whatever becomes of an earlier start of this process, the store tells.
    for (let earlier = this.#starting.get(id); earlier !== undefined; earlier = this.#starting.get(id))
      await Promise.allSettled([earlier]);
    const starting = this.#startNew(prepared).catch((error: unknown) => this.#findSame(prepared, error));
    this.#starting.set(id, starting);
    return starting.finally(() => this.#starting.delete(id));
  }

  /** Goes on with a stored run. */
  async resume(runId: string, workflow: Workflow, options: ResumeOptions): Promise<HeldRun> {
    const held = this.#held.get(runId);
    if (held?.execution !== undefined) return held;
    return this.#openOnce(runId, async () =>
      this.#open(await this.#parts.readHead(runId), compile(workflow), options),
    );
  }

  /** Forks a stored run and goes on with the fork. */
  async fork(runId: string, workflow: Workflow, options: ForkOptions): Promise<HeldRun> {
    const { environment, owner, readHead, checkOpen } = this.#parts;
    const { backend, clock, host } = environment;
    const { at, patch, id = host.newId(), ...resuming } = options;
    checkRunId(id);
    const head = await readHead(runId);
    const compiled = compile(workflow);
    await checkVersion(head, compiled, backend.runs, resuming.allowVersionMismatch === true);
    await owner.register();
    checkOpen();
    try {
      const now = clock.now();
      await forkRun({ head, at, patch, workflow: compiled, id, owner: owner.id, now }, backend.runs);
      return await this.resume(id, workflow, resuming);
    } catch (error) {
      // The fork may be there all the same: whoever goes on with it must not find it taken.
      if (error instanceof StoreError && this.live(id) === undefined)
        owner.giveBack({ tenant: this.#parts.tenant, runId: id, epoch: 1 });
      throw error;
    }
  }

  /** A run goes on no longer here: one that executes is parked. */
  async park(held: HeldRun, options: ParkOptions): Promise<void> {
    await Promise.allSettled([this.#opening.get(held.runId)]);
    const { execution, outcome } = held;
    await execution?.drain.within(options);
    execution?.stop({ type: "run.parked" });
    if (execution !== undefined) await held.settled();
    else if (outcome === undefined) this.#ends(held, { status: "parked" });
  }

  /** Something has come in for a run: if it rests here and is due now, it goes on. Never rejects. */
  async wakeUp(runId: string): Promise<void> {
    if (this.#resting(runId) !== undefined) await this.#waker.look();
  }

  /** Goes on with what is due, if anything rests here; resolves when it has been opened. Never rejects. */
  async lookForDue(): Promise<void> {
    if (this.#restingWorkflows().length > 0) await this.#waker.look();
  }

  /**
   * Parks all runs, those that execute attempts when these have ended or their grace is over; runs that the store does not
   * take in time are left behind, and so are slow emitters.
   */
  async close(options: ParkOptions): Promise<void> {
    const { clock } = this.#parts.environment;
    this.#followed.close();
    this.#waker.close();
    const runs = [...this.executing()];
    await Promise.all(runs.map((run) => run.drain.within(options)));
    for (const run of runs) run.stop({ type: "run.parked" });
    await awaitAtMost(clock, parkingWaitMs, Promise.all(runs.map((run) => run.settled)), () => {
      const message = `The store did not answer within ${parkingWaitMs} ms of closing.`;
      for (const run of runs) run.abandon(new StoreUnavailableError(message));
    });
    for (const held of this.#held.values())
      if (held.outcome === undefined) held.stopped({ status: "parked" });
    // Their events are delivered again after the next resume (S7).
    await awaitAtMost(clock, emittersWaitMs, Promise.all(this.#telling), () => {
      const message = `Emitters did not take all events within ${emittersWaitMs} ms of closing.`;
      this.#parts.environment.outbox.report("close", new EngineClosedError(message));
    });
  }

  async #startNew(prepared: PreparedRun): Promise<HeldRun> {
    const { environment, owner } = this.#parts;
    if (prepared.delay !== undefined) return this.#startLater(prepared, prepared.delay);
    let created: Promise<void> | undefined;
    let isCreated = false;
    const adopt = (made: RunExecution): void => {
      this.#adopt(made, compile(prepared.workflow), resumedBy(prepared.options));
      created = made.log.pending.whenDurable().then(() => {
        isCreated = true;
      });
    };
    const run = createRun(prepared, environment, { id: owner.id, adopt });
    const held = this.#held.get(run.origin.runId) as HeldRun;
    await Promise.race([created, run.settled]);
    if (!isCreated) throwIfStopped(run);
    return held;
  }

  async #startLater(prepared: PreparedRun, delay: Delay): Promise<HeldRun> {
    const { environment, checkOpen } = this.#parts;
    const { workflow, origin, options } = prepared;
    const { runId } = origin;
    checkOpen();
    if (this.live(runId) !== undefined) throw taken(runId);
    await createLater(prepared, delay, environment);
    const held = this.#hold({ runId, workflow: compile(workflow), options: resumedBy(options) });
    if (delay.wakeAt !== undefined) this.#rest(held, delay.wakeAt);
    return held;
  }

  /** Goes on with a run that a server of this process has found. */
  take(head: RunHead, workflow: Workflow): Promise<HeldRun> {
    const held = this.#held.get(head.runId);
    if (held?.execution !== undefined) return Promise.resolve(held);
    return this.#openOnce(head.runId, () => this.#open(head, compile(workflow), held?.parts.options ?? {}));
  }

  /** Goes on with due runs that a server of this process has found, and takes them together. */
  takeDue(found: readonly (readonly [RunHead, Workflow])[]): readonly Promise<HeldRun>[] {
    const due = found.map(([head, workflow]): DueRun => {
      const options = this.#held.get(head.runId)?.parts.options ?? {};
      return { head, workflow: compile(workflow), options };
    });
    return this.#openDue(due);
  }

  /** The id is taken: the run that has it is the one that was asked for, if it is the same work. */
  async #findSame(prepared: PreparedRun, error: unknown): Promise<HeldRun> {
    if (!(error instanceof RunExistsError)) throw error;
    const { workflow, origin, options } = prepared;
    const { runId } = origin;
    const head = await this.#parts.readHead(runId);
    checkSameRun(head, origin, options.seed);
    const known = this.#held.get(runId);
    if (known !== undefined) return known;
    const parts = { runId, workflow: compile(workflow), options: resumedBy(options) };
    if (isUnderWay(head) && !(await this.#waitsInQueue(head)) && (await this.#parts.owner.isFree(head))) {
      try {
        return await this.resume(runId, workflow, parts.options);
      } catch (error) {
        // Another process was faster: the run goes on there.
        if (!(error instanceof RunOwnedError)) throw error;
      }
    }
    const held = this.#hold(parts);
    await this.#learn(held, head);
    return held;
  }

  #hold(parts: Omit<HeldRunParts, "onAwaited">): HeldRun {
    const known = this.#held.get(parts.runId);
    if (known !== undefined) return known;
    const held = new HeldRun({ ...parts, onAwaited: this.#follow });
    this.#held.set(parts.runId, held);
    return held;
  }

  /** Takes over what a head says of a run that does not execute here. */
  async #learn(held: HeldRun, head: RunHead): Promise<void> {
    const { owner, wakeAt } = head;
    if (owner === undefined && wakeAt !== undefined) {
      this.#rest(held, wakeAt);
      return;
    }
    if (await this.#waitsInQueue(head)) return;
    const outcome = await stoppedOutcome(head, held.parts.workflow, this.#parts.environment.backend.runs);
    if (outcome !== undefined && isFollowed(held)) this.#ends(held, outcome);
  }

  /** Nobody has taken it, as far as the head tells: its turn may have come since that was read. */
  async #waitsInQueue({ tenant, runId, status, epoch }: RunHead): Promise<boolean> {
    if (status !== "queued" || epoch > 1) return false;
    return (await this.#parts.environment.backend.queues.readPlace(tenant, runId)) !== undefined;
  }

  /** It goes on here at that time, if not before; `outcome` tells of one that waits for somebody until then. */
  #rest(held: HeldRun, wakeAt: number, outcome?: RunOutcome): void {
    this.#held.set(held.runId, held);
    held.rests(wakeAt, this.#waker.looks, outcome);
    this.#waker.expect(wakeAt);
  }

  /** One that waits for somebody is still held: it goes on here once it has its answer. */
  #ends(held: HeldRun, outcome: RunOutcome): void {
    held.stopped(outcome);
    if (outcome.status !== "waiting" && this.#held.get(held.runId) === held) this.#held.delete(held.runId);
  }

  /** Throws EngineClosedError once the engine is closing, RunExistsError for a run that is here already. */
  #adopt(run: RunExecution, workflow: CompiledWorkflow, options: ResumeOptions): HeldRun {
    const { runId } = run.origin;
    this.#parts.checkOpen();
    if (this.live(runId) !== undefined) throw taken(runId);
    const held = this.#hold({ runId, workflow, options });
    held.executes(run, { workflow, options });
    const told = run.settled.then(async (outcome) => {
      this.#stopped(held, run, outcome);
      await this.#parts.environment.outbox.finish(run);
      this.#telling.delete(told);
    });
    this.#telling.add(told);
    return held;
  }

  #stopped(held: HeldRun, run: RunExecution, outcome: RunOutcome): void {
    const { tenant, runId } = run.origin;
    const { epoch, wakeAt, updatedAt } = run.log.progress;
    if (outcome.status === "fenced" && outcome.error instanceof StoreError)
      this.#parts.owner.giveBack({ tenant, runId, epoch });
    // What came in while it was given back has made it due.
    if (outcome.status === "waiting" && run.hasNews) this.#rest(held, updatedAt);
    else if (outcome.status === "waiting" && wakeAt !== undefined)
      this.#rest(held, wakeAt, run.goesOnAlone ? undefined : outcome);
    else this.#ends(held, outcome);
    this.#parts.environment.outbox.notify(runId);
  }

  /** Whoever asks for a run that is being opened gets the same. */
  #openOnce(runId: string, open: () => Promise<HeldRun>): Promise<HeldRun> {
    const known = this.#opening.get(runId);
    if (known !== undefined) return known;
    const opening = open().finally(() => this.#opening.delete(runId));
    this.#opening.set(runId, opening);
    return opening;
  }

  #openDue(due: readonly DueRun[]): readonly Promise<HeldRun>[] {
    const isHere = ({ head: { runId } }: DueRun): boolean =>
      this.live(runId) !== undefined || this.#opening.has(runId);
    const taken = takeRested(
      due.filter((run) => !isHere(run)),
      this.#parts,
    );
    return due.map((run) => {
      const { head, workflow, options } = run;
      const held = this.#held.get(head.runId);
      if (held?.execution !== undefined) return Promise.resolve(held);
      return this.#openOnce(head.runId, async () => this.#open(head, workflow, options, await taken(run)));
    });
  }

  async #open(
    head: RunHead,
    workflow: CompiledWorkflow,
    options: ResumeOptions,
    rested?: RestedRun,
  ): Promise<HeldRun> {
    const { environment, owner } = this.#parts;
    const { runId } = head;
    const ended = await finishedOutcome(head, workflow, environment.backend.runs);
    if (ended !== undefined) {
      if (head.historyRemovedAt === undefined) this.#tellAgain(head);
      const held = this.#hold({ runId, workflow, options });
      this.#ends(held, ended);
      return held;
    }
    const { limits } = options;
    const allowVersionMismatch = options.allowVersionMismatch === true;
    let held: HeldRun | undefined;
    const adopt = (restored: RunExecution): void => {
      held = this.#adopt(restored, workflow, options);
    };
    const opened = await openRun(
      { head, workflow, limits, pauses: options, allowVersionMismatch, adopt, rested },
      owner,
      environment,
    );
    if (opened.run.outcome === undefined) await this.#begin(opened);
    invariant(held !== undefined, "an opened run was adopted");
    return held;
  }

  #resting(runId: string): HeldRun | undefined {
    const held = this.#held.get(runId);
    return held?.execution === undefined && !this.#opening.has(runId) ? held : undefined;
  }

  #restingWorkflows(): readonly string[] {
    const names = new Set<string>();
    for (const { execution, parts } of this.#held.values())
      if (execution === undefined) names.add(parts.workflow.model.name);
    return [...names];
  }

  /** When the next run that rests here is due. One that was due for a look and is still here was taken elsewhere. */
  #looked({ number, dueUntil }: Look): number | undefined {
    let next: number | undefined;
    for (const held of this.#held.values()) {
      const { wakeAt, restedAt } = held;
      if (wakeAt === undefined || this.#opening.has(held.runId)) continue;
      if (wakeAt <= dueUntil && restedAt < number) this.#leave(held);
      else next = Math.min(next ?? wakeAt, wakeAt);
    }
    return next;
  }

  /** Another process has it; here it is of use only to who waits for it. */
  #leave(held: HeldRun): void {
    held.goesOnElsewhere();
    if (!held.isAwaited) this.#held.delete(held.runId);
  }

  /** Goes on with those of the due runs that rest here; how many are still due. */
  async #wake(heads: readonly RunHead[]): Promise<number> {
    const resting = heads.flatMap((head) => {
      const held = this.#resting(head.runId);
      return held === undefined ? [] : [{ held, due: { head, ...held.parts } }];
    });
    const opened = await Promise.allSettled(this.#openDue(resting.map(({ due }) => due)));
    let left = heads.length;
    for (const [index, { held }] of resting.entries()) {
      const result = opened[index];
      if (result?.status === "rejected") this.#notWoken(held, result.reason);
      else left -= 1;
    }
    return left;
  }

  #notWoken(held: HeldRun, error: unknown): void {
    const { clock, outbox } = this.#parts.environment;
    if (error instanceof RunOwnedError) this.#leave(held);
    else if (error instanceof StoreError) {
      outbox.report("wake", error);
      if (held.wakeAt !== undefined) this.#rest(held, clock.now() + retryMs);
    } else this.#ends(held, { status: "fenced", error: error as Error });
  }

  /** Starts a restored run; one whose inbox cannot be read must not stay here as if it went on. */
  async #begin(opened: OpenedRun): Promise<void> {
    try {
      await startRun(opened, this.#parts.environment);
    } catch (error) {
      opened.run.abandon(error instanceof Error ? error : new Error(toFailure(error).message));
      throw error;
    }
  }

  /** Its last events may not have reached the emitters before its process ended, and no later commit would say so (S7). */
  #tellAgain({ tenant, runId, emittedSeq, events }: RunHead): void {
    const { outbox } = this.#parts.environment;
    const run = { origin: { tenant, runId }, log: { emitted: emittedSeq } };
    outbox.redeliver(run, events);
    const told = outbox.finish(run).then(() => {
      this.#telling.delete(told);
    });
    this.#telling.add(told);
  }
}

function taken(runId: string): RunExistsError {
  return new RunExistsError(`There is already a run ${runId}.`, { context: { runId } });
}

/** Somebody executes it, or should. */
function isUnderWay({ status, owner, wakeAt }: RunHead): boolean {
  return owner !== undefined || status === "running" || (status === "queued" && wakeAt === undefined);
}

/** A first commit that failed leaves no run: starting it failed. */
function throwIfStopped({ outcome }: RunExecution): void {
  if (outcome?.status === "fenced" && !(outcome.error instanceof FencedError)) throw outcome.error;
}
