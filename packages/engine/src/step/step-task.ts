import { type Failure, formatStepId, type JournalEntry, orderKey, type StepStatus } from "@agentflow/core";
import type { CompiledNode } from "../compile/compiled-workflow.ts";
import { StepJournal } from "../journal/step-journal.ts";
import type { QueuedStep } from "../schedule/step-queue.ts";

/** What distinguishes one step of a superstep. */
export interface StepPlace {
  readonly scopePath: string;
  readonly superstep: number;
  readonly ordinal: number;
  readonly item: number;
  readonly origin: string;
  readonly edge: number;
}

/** One step from being scheduled to being staged; mutable parts are its execution, never its identity. */
export class StepTask implements QueuedStep {
  readonly node: CompiledNode;
  readonly place: StepPlace;
  /** The frozen state, or the item of a fan-out. */
  readonly argument: unknown;
  readonly view: object;
  readonly group: { readonly max: number; running: number } | undefined;
  status: StepStatus = "ready";
  /** Number of the running or next attempt, from 1. */
  attempt = 1;
  /** Attempts that failed since the run was started or last resumed (S11). */
  failedInRound = 0;
  /** A row of this step exists or is about to, so that `step.started` is derived once. */
  isOpened = false;
  /** All attempts failed; what is left is to recover from this failure (S11). */
  exhausted: Failure | undefined;
  /** Wall-clock milliseconds before which the next attempt must not start. */
  notBefore = 0;
  /** Rows of this step's scope may exist in the store: only then a nested scope is looked up. */
  mayBeStored = false;
  #journal: StepJournal | undefined;
  #recorded: JournalEntry[] = [];
  #recordedAt: number[] = [];
  #stepId: string | undefined;
  #orderKey: string | undefined;

  constructor(
    node: CompiledNode,
    place: StepPlace,
    given: { argument: unknown; view: object; group: { readonly max: number; running: number } | undefined },
  ) {
    this.node = node;
    this.place = place;
    this.argument = given.argument;
    this.view = given.view;
    this.group = given.group;
  }

  /** What has a scope of its own, a nested workflow or a flow, unless what runs is its `recover`: that is a function and takes a slot. */
  get isNested(): boolean {
    return this.node.model.body.type !== "function" && this.exhausted === undefined;
  }

  /** The body of a flow: a function whose calls are steps of a scope of its own (ENG-53). */
  get isFlow(): boolean {
    return this.node.model.body.type === "flow" && this.exhausted === undefined;
  }

  get stepId(): string {
    this.#stepId ??= formatStepId({
      scope: this.place.scopePath,
      superstep: this.place.superstep,
      node: this.node.name,
      item: this.place.item === -1 ? undefined : this.place.item,
    });
    return this.#stepId;
  }

  get orderKey(): string {
    const { scopePath, superstep, ordinal, item, origin, edge } = this.place;
    this.#orderKey ??= orderKey({
      scope: scopePath,
      superstep,
      ordinal,
      firstPredecessorId: origin === "" ? null : origin,
      node: this.node.name,
      edge: origin === "" ? null : edge,
      item: item === -1 ? null : item,
    });
    return this.#orderKey;
  }

  get journal(): StepJournal {
    this.#journal ??= new StepJournal(this.#recorded);
    return this.#journal;
  }

  get hasJournal(): boolean {
    return this.#journal !== undefined || this.#recorded.length > 0;
  }

  /** Whether the row about to be made is the first of this step. */
  takeOpening(): boolean {
    const isFirst = !this.isOpened;
    this.isOpened = true;
    return isFirst;
  }

  /** Takes what earlier executions recorded; before the first execution in this process. */
  restore(recorded: readonly JournalEntry[], event = 0): void {
    this.#recorded.push(...recorded);
    for (const _entry of recorded) this.#recordedAt.push(event);
  }

  /** What was restored, each with the `seq` of its row's first record event. */
  get restored(): readonly { readonly entry: JournalEntry; readonly event: number }[] {
    return this.#recorded.map((entry, index) => ({ entry, event: this.#recordedAt[index] ?? 0 }));
  }
}
