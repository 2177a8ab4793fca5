/**
 * The scope of a flow: its steps are what the body calls, in the order in which it calls them (ENG-53).
 *
 * Role: between the body, which makes calls and gets their ends, and the run, which executes and commits their steps.
 * Executions of the body come and go; the calls stay until the flow has ended.
 *
 * 1. A call is one superstep; its steps are committed like any others, with the key of the call in their rows.
 * 2. A call that ended is told once its run may go on from that, and in each execution at the same place among all
 *    endings (S5, I5).
 * 3. A failure is an entry of the flow's own journal: the flow's next attempt does not inherit it (S9).
 */
import {
  encodeJson,
  type Failure,
  type FlowCallKey,
  type JournalEntry,
  type Json,
  MaxStepsExceededError,
  toFailure,
  withOthers,
} from "@agentflow/core";
import { Blobs } from "../resume/blobs.ts";
import { finalError } from "../run/decide-attempt.ts";
import type { RunExecution } from "../run/run-execution.ts";
import { ScopeExecution } from "../run/scope-execution.ts";
import type { StagedStep } from "../schedule/staged-step.ts";
import { ScopeState } from "../state/scope-state.ts";
import type { Attempt } from "../step/attempt.ts";
import { StepTask } from "../step/step-task.ts";
import { callsWorkflow } from "./calls-workflow.ts";
import { CallNumbers, type CallRequest, callKey, FlowCall, type FlowExecution } from "./flow-call.ts";
import { RecordedCalls } from "./recorded-calls.ts";

const nothing = Object.freeze({});

type CallPlace = Pick<StepTask["place"], "superstep" | "ordinal">;

function compare(a: CallPlace, b: CallPlace): number {
  return a.superstep - b.superstep || a.ordinal - b.ordinal;
}

export class CallScope extends ScopeExecution {
  readonly #run: RunExecution;
  readonly #body: StepTask;
  readonly #recorded: RecordedCalls | undefined;
  readonly #calls = new Map<string, FlowCall>();
  readonly #callOf = new Map<StepTask, FlowCall>();
  readonly #taken: Set<number>;
  readonly #writers = new Map<string, CallPlace>();
  /** Steps without an outcome, in no order, and where each stands. */
  readonly #tasks: StepTask[] = [];
  readonly #places = new Map<StepTask, number>();
  #openCalls = 0;

  constructor(run: RunExecution, body: StepTask, recorded?: RecordedCalls) {
    const scope = run.scopes.of(body);
    const workflow = callsWorkflow(scope.workflow);
    super({
      path: body.stepId,
      workflow,
      state: new ScopeState(workflow, {}),
      parent: { scope, task: body },
    });
    for (const { artifact, place } of recorded?.artifacts ?? []) this.#bind(artifact, place);
    this.tasks = this.#tasks;
    this.base = scope.base;
    this.startedAt = run.now();
    this.#run = run;
    this.#body = body;
    this.#recorded = recorded;
    this.#taken = new Set(recorded?.supersteps);
    body.journal.keepOrder(recorded?.endings(body) ?? []);
  }

  /** Opens the scope of a flow that may have begun in an earlier process. */
  static async load(run: RunExecution, body: StepTask): Promise<CallScope> {
    const { tenant, runId } = run.origin;
    const runs = run.store;
    const record = await runs.readScope({ tenant, runId, scope: body.stepId, from: "start" });
    const blobs = await Blobs.of({ tenant, runId, runs }, record);
    return new CallScope(run, body, new RecordedCalls(record, blobs, run.log.progress.round));
  }

  /** Begins an execution of the body: it makes its calls again, and they are numbered again. */
  execute(attempt: Attempt): FlowExecution {
    const numbers = new CallNumbers();
    return { call: (request) => this.#call(attempt, numbers, request) };
  }

  override get isStaged(): boolean {
    return false;
  }

  override get hasOpenCalls(): boolean {
    return this.#openCalls > 0;
  }

  /** True while code of the body runs or may run: it neither waits for a call nor for the outside. */
  override get isBusy(): boolean {
    return this.#body.status === "running" && this.#openCalls === 0 && this.failures.length === 0;
  }

  override hasStaged(task: StepTask): boolean {
    return task.status === "succeeded";
  }

  override callOf(task: StepTask): FlowCallKey | undefined {
    return this.#callOf.get(task)?.key;
  }

  override inputsOf({ argument }: StepTask): Json {
    return { input: argument as Json };
  }

  /** A step has succeeded and its row is in the commit that fills. */
  override stage(task: StepTask, step: StagedStep): void {
    task.status = "succeeded";
    for (const artifact of step.artifacts) this.#bind(artifact, task.place);
    const call = this.#close(task);
    if (call === undefined) return;
    call.results[task.place.ordinal] = step.values["result"];
    this.#settle(call);
  }

  /** A step has failed for good, and so has its call, once none of its steps runs any more (S11). */
  override tellFailure(task: StepTask, failure: Failure): boolean {
    task.status = "failed";
    const call = this.#close(task);
    if (call === undefined) return true;
    call.failures.push({ ordinal: task.place.ordinal, failure });
    this.#run.queue.keep((waiting) => !call.open.has(waiting));
    this.#settle(call);
    return true;
  }

  /** Of two steps that write one artifact the later call's holds, whichever ends first. */
  #bind({ path, sha256 }: StagedStep["artifacts"][number], place: CallPlace): void {
    const known = this.#writers.get(path);
    if (known !== undefined && compare(known, place) > 0) return;
    this.#writers.set(path, place);
    this.artifacts.set(path, sha256);
  }

  #call(attempt: Attempt, numbers: CallNumbers, request: CallRequest): FlowCall["ended"] {
    const { node, inputHash, inputs } = request;
    const { journal } = this.#body;
    const nth = numbers.nth(request);
    const text = callKey(node.name, { inputHash, nth });
    const begun = this.#calls.get(text);
    if (begun !== undefined) {
      journal.failedCall(node.name, inputHash, nth);
      return begun.ended;
    }
    const recorded = this.#recorded?.byKey.get(text);
    const superstep = recorded?.superstep ?? this.#takeSuperstep(numbers, node.name);
    const key: FlowCallKey = { inputHash, nth, attempt: attempt.number };
    const results = inputs.map((_input, ordinal) => recorded?.results.get(ordinal));
    const call = new FlowCall({ name: node.name, key, superstep, results });
    this.#calls.set(text, call);
    const failed = journal.failedCall(node.name, inputHash, nth);
    if (failed !== undefined) call.end(failed, JSON.parse(failed.value) as Failure);
    else if (recorded?.results.size === inputs.length) call.end(recorded.ending);
    else this.#start(call, request, (ordinal) => recorded?.results.has(ordinal) === true);
    return call.ended;
  }

  #takeSuperstep(numbers: CallNumbers, name: string): number {
    const isTaken = (superstep: number): boolean =>
      this.#taken.has(superstep) || this.#recorded?.isOthers(superstep, name) === true;
    const superstep = numbers.superstep(isTaken);
    this.#taken.add(superstep);
    return superstep;
  }

  #start(call: FlowCall, request: CallRequest, hasResult: (ordinal: number) => boolean): void {
    const { node, inputs, isMap, concurrency } = request;
    const group = concurrency === undefined ? undefined : { max: concurrency, running: 0 };
    const tasks: StepTask[] = [];
    for (const [ordinal, argument] of inputs.entries()) {
      if (hasResult(ordinal)) continue;
      const place = {
        scopePath: this.path,
        superstep: call.superstep,
        ordinal,
        item: isMap ? ordinal : -1,
        origin: "",
        edge: 0,
      };
      const task = new StepTask(node, place, { argument, view: nothing, group });
      this.#recorded?.restore(task);
      const { exhausted } = task;
      if (exhausted !== undefined && node.model.policy.recover === undefined) {
        const failure = withOthers(toFailure(finalError(task, exhausted)), exhausted.others ?? []);
        call.failures.push({ ordinal, failure });
      }
      tasks.push(task);
    }
    this.#openCalls++;
    for (const task of tasks) this.#open(task, call);
    if (call.failures.length > 0) this.#settle(call);
    else this.#dispatch(tasks);
  }

  /** Starts steps once what the body did before is durable, because they may have effects (S8). */
  #dispatch(tasks: readonly StepTask[]): void {
    const { dispatcher, limits, log, origin, saga } = this.#run;
    const { runId } = origin;
    const { maxSteps } = limits;
    if (!saga.isActive && log.steps + this.tasks.length > maxSteps) {
      const message = `Run ${runId} reached its limit of ${maxSteps} steps.`;
      this.#run.failRun(new MaxStepsExceededError(message, { context: { runId, maxSteps } }));
      return;
    }
    const earlier = this.#run.whenDurable(this.#body);
    if (earlier === undefined) dispatcher.feed(tasks);
    else void earlier.then(() => dispatcher.feed(tasks));
  }

  #settle(call: FlowCall): void {
    if (call.failures.length > 0) {
      for (const task of call.open) if (!this.#run.scopes.isAtRest(task)) return;
      this.#fail(call);
    } else if (call.open.size === 0) {
      const ending = { kind: "call", attempt: this.#body.attempt } as const;
      this.#body.journal.addEnding(ending);
      this.#goOn(() => call.end(ending));
    }
  }

  #fail(call: FlowCall): void {
    const left = [...call.open];
    this.#run.failures.dropAll(left);
    for (const task of left) this.#close(task);
    const sorted = call.failures.sort((a, b) => a.ordinal - b.ordinal).map(({ failure }) => failure);
    const [first, ...others] = sorted as [Failure, ...Failure[]];
    const { json, value } = encodeJson(withOthers(first, others), "failure");
    const { journal, attempt } = this.#body;
    const { name, key } = call;
    const { inputHash, nth } = key;
    const entry: JournalEntry = {
      index: journal.nextIndex(),
      kind: "callError",
      name,
      inputHash,
      nth,
      attempt,
      value: json,
      at: this.#run.now(),
      durationMs: 0,
    };
    journal.addFailure(entry);
    this.#run.log.pending.addEntry(this.#body, entry);
    this.#goOn(() => call.end(entry, value as unknown as Failure));
  }

  #goOn(tell: () => void): void {
    this.#openCalls--;
    this.base = this.#run.log.pending;
    this.#run.log.goOn(tell);
  }

  #open(task: StepTask, call: FlowCall): void {
    call.open.add(task);
    this.#callOf.set(task, call);
    this.#places.set(task, this.#tasks.length);
    this.#tasks.push(task);
  }

  #close(task: StepTask): FlowCall | undefined {
    const call = this.#callOf.get(task);
    this.#callOf.delete(task);
    call?.open.delete(task);
    const place = this.#places.get(task);
    if (place === undefined || !this.#places.delete(task)) return call;
    const last = this.#tasks.pop();
    if (last !== undefined && last !== task) {
      this.#tasks[place] = last;
      this.#places.set(last, place);
    }
    return call;
  }
}
