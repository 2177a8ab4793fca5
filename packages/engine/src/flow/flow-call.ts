import type { Failure, FlowCallKey, Json } from "@agentflow/core";
import type { CompiledNode } from "../compile/compiled-workflow.ts";
import type { Ending } from "../journal/step-journal.ts";
import type { StepTask } from "../step/step-task.ts";

/** A call of a flow as its body made it: one step, or one per item of a map. */
export interface CallRequest {
  readonly node: CompiledNode;
  /** SHA-256 of the canonical JSON of the input, or of the items. */
  readonly inputHash: string;
  /** What each step works on. */
  readonly inputs: readonly Json[];
  readonly isMap: boolean;
  readonly concurrency: number | undefined;
}

/** How a call ended, once that is durable: its place among all endings, and a result per step or the failure. */
export interface CallEnd {
  readonly ending: Ending;
  readonly results: readonly (Json | undefined)[];
  readonly failure?: Failure;
}

/** One execution of a flow's body, by which its calls are numbered. */
export interface FlowExecution {
  /** Takes up what is recorded of the call, or starts it. */
  call(request: CallRequest): Promise<CallEnd>;
}

/** What identifies a call in its flow. */
export function callKey(name: string, { inputHash, nth }: Pick<FlowCallKey, "inputHash" | "nth">): string {
  return `${name}\u0000${inputHash}\u0000${nth}`;
}

/** Counts the calls of one execution of a body: how often the same one was made, and the next free superstep. */
export class CallNumbers {
  readonly #counts = new Map<string, number>();
  #next = 0;

  nth({ node, inputHash }: CallRequest): number {
    const key = `${node.name}\u0000${inputHash}`;
    const nth = this.#counts.get(key) ?? 0;
    this.#counts.set(key, nth + 1);
    return nth;
  }

  /** Calls without a recorded result take the free supersteps in the order in which they are made. */
  superstep(isTaken: (superstep: number) => boolean): number {
    while (isTaken(this.#next)) this.#next++;
    return this.#next++;
  }
}

/** A call that has begun: its steps and what they have given so far. */
export class FlowCall {
  readonly name: string;
  readonly key: FlowCallKey;
  readonly superstep: number;
  readonly results: (Json | undefined)[];
  readonly failures: { readonly ordinal: number; readonly failure: Failure }[] = [];
  /** Steps without an outcome. */
  readonly open = new Set<StepTask>();
  /** Resolves when its end may be told. */
  readonly ended: Promise<CallEnd>;
  #tell: (end: CallEnd) => void = () => undefined;

  constructor(given: Pick<FlowCall, "name" | "key" | "superstep" | "results">) {
    this.name = given.name;
    this.key = given.key;
    this.superstep = given.superstep;
    this.results = given.results;
    this.ended = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  end(ending: Ending, failure?: Failure): void {
    this.#tell({ ending, results: this.results, ...(failure === undefined ? {} : { failure }) });
  }
}
