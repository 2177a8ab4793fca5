import { type Failure, formatStepId, type Json, type StepDetail, type StepRow } from "@agentflow/core";
import { type Divergence, DivergenceFound } from "../replay/divergence.ts";
import type { RecordedStep } from "../replay/replay-step.ts";
import { withoutTraps } from "../replay/traps.ts";
import type { Blobs } from "../resume/blobs.ts";
import { StepTask } from "../step/step-task.ts";
import { type CallEnd, CallNumbers, type CallRequest, callKey, type FlowExecution } from "./flow-call.ts";
import type { RecordedCall, RecordedCalls } from "./recorded-calls.ts";

/** Who hears how the calls of a replayed flow went. */
export interface ReplayCallEvents {
  divergence(found: Divergence): void;
  /** The record does not say how this call ended: it never does. */
  unsettled(found: Divergence): void;
  /** A step of a call is to be executed again and compared. Rejects with DivergenceFound. */
  replay(step: Omit<RecordedStep, "entries">): Promise<void>;
}

/**
 * The calls of a flow in a replay (S25): each is answered from its rows once its steps, executed again on their journals,
 * gave the same. A call that failed is taken as recorded.
 */
export class ReplayCalls implements FlowExecution {
  readonly #body: StepTask;
  readonly #recorded: RecordedCalls;
  readonly #blobs: Blobs;
  readonly #events: ReplayCallEvents;
  readonly #numbers = new CallNumbers();
  readonly #met = new Set<RecordedCall>();
  readonly #running = new Set<Promise<void>>();

  constructor(body: StepTask, recorded: RecordedCalls, blobs: Blobs, events: ReplayCallEvents) {
    this.#body = body;
    this.#recorded = recorded;
    this.#blobs = blobs;
    this.#events = events;
  }

  /** True while steps of calls are being compared. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Resolves when no step of a call is being compared any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** The first call of the attempt that is in the record and that the body did not make. */
  get unmet(): StepRow | undefined {
    const calls = [...this.#recorded.byKey.values()].filter(
      (call) => call.ending.attempt === this.#body.attempt && !this.#met.has(call),
    );
    const [first] = calls.sort((a, b) => a.superstep - b.superstep);
    return first?.rows.values().next().value;
  }

  async call(request: CallRequest): Promise<CallEnd> {
    const { node, inputHash, inputs } = request;
    const nth = this.#numbers.nth(request);
    const recorded = this.#recorded.byKey.get(callKey(node.name, { inputHash, nth }));
    const failed = this.#body.journal.failedCall(node.name, inputHash, nth);
    if (recorded !== undefined) {
      this.#met.add(recorded);
      await this.#compare(request, recorded);
    }
    const results = inputs.map((_input, ordinal) => recorded?.results.get(ordinal));
    if (failed !== undefined)
      return { ending: failed, results, failure: JSON.parse(failed.value) as Failure };
    if (recorded?.results.size === inputs.length) return { ending: recorded.ending, results };
    this.#events.unsettled(this.#unknown(request));
    return new Promise(() => undefined);
  }

  #compare(request: CallRequest, recorded: RecordedCall): Promise<void> {
    const running = withoutTraps(() => this.#replayAll(request, recorded));
    this.#running.add(running);
    const ended = (): void => void this.#running.delete(running);
    running.then(ended, ended);
    return running.catch((error: unknown) => {
      if (!(error instanceof DivergenceFound)) throw error;
      this.#events.divergence(error.divergence);
      return new Promise<void>(() => undefined);
    });
  }

  async #replayAll({ node, inputs, isMap }: CallRequest, recorded: RecordedCall): Promise<void> {
    for (const [ordinal, argument] of inputs.entries()) {
      const row = recorded.rows.get(ordinal);
      if (row === undefined) continue;
      const { superstep, origin, edge } = row;
      const item = isMap ? ordinal : -1;
      const place = { scopePath: this.#body.stepId, superstep, ordinal, item, origin, edge };
      const task = new StepTask(node, place, { argument, view: {}, group: undefined });
      const detail = JSON.parse(row.detail ?? "{}") as StepDetail;
      await this.#events.replay({ task, row, detail, values: this.#blobs.staged(row).values });
    }
  }

  #unknown({ node, inputHash, inputs }: CallRequest): Divergence {
    const known = [...this.#recorded.byKey.values()].find(
      (call) => !this.#met.has(call) && call.rows.values().next().value?.node === node.name,
    );
    const row = known?.rows.values().next().value;
    const expected =
      row === undefined ? "no such call" : ((JSON.parse(row.detail ?? "{}") as StepDetail).call ?? {});
    const actual = { inputHash, inputs: inputs.slice(0, 20) };
    return {
      stepId: row === undefined ? this.#body.stepId : stepIdOf(row),
      field: `call "${node.name}"`,
      expected: expected as Json,
      actual,
    };
  }
}

function stepIdOf({ scope, superstep, node, item }: StepRow): string {
  return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
}
