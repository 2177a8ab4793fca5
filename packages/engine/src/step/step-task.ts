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

  /** A nested workflow, unless what runs is its `recover`: that is a function and takes a slot. */
  get isNested(): boolean {
    return this.node.model.body.type === "nested" && this.exhausted === undefined;
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

  /** Takes what earlier executions recorded; before the first execution in this process. */
  restore(recorded: readonly JournalEntry[]): void {
    this.#recorded.push(...recorded);
  }
}
