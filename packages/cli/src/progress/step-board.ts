import type { JsonObject, RunEvent } from "@agentflow/core";

/** State of a step as its events tell it. */
export type ShownStatus =
  | "running"
  | "waiting"
  | "retrying"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "skipped";

/** One line of live progress. */
export interface ShownStep {
  readonly stepId: string;
  readonly status: ShownStatus;
  readonly attempts: number;
  /** Wall-clock milliseconds of the first sign of it. */
  readonly since: number;
  readonly durationMs: number | undefined;
  readonly tokens: number | undefined;
  readonly costUsd: number | undefined;
  readonly message: string | undefined;
}

const statusOfEvent: Readonly<Record<string, ShownStatus>> = {
  "step.started": "running",
  "step.running": "running",
  "step.skipped": "skipped",
  "step.succeeded": "succeeded",
  "step.failed": "failed",
  "step.retried": "retrying",
  "step.cancelled": "cancelled",
  "interrupt.requested": "waiting",
  "timer.set": "waiting",
  "wait.started": "waiting",
};

function dataOf(event: RunEvent): JsonObject {
  const { data } = event;
  return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as JsonObject) : {};
}

function numberOf(data: JsonObject, key: string): number | undefined {
  const value = data[key];
  return typeof value === "number" ? value : undefined;
}

function messageOf(data: JsonObject): string | undefined {
  const failure = data["failure"];
  if (typeof failure !== "object" || failure === null || Array.isArray(failure)) return undefined;
  const { message } = failure as JsonObject;
  return typeof message === "string" ? message : undefined;
}

/** Folds the events of a run into what its steps look like now. Steps keep the order in which they appeared. */
export class StepBoard {
  readonly #steps = new Map<string, ShownStep>();
  readonly #counts = new Map<ShownStatus, number>();

  /** Takes an event in; says whether it changed anything that is shown. */
  apply(event: RunEvent): boolean {
    const status = statusOfEvent[event.type];
    if (status === undefined || event.step === undefined) return false;
    const data = dataOf(event);
    const before = this.#steps.get(event.step);
    // A live event may come after the record event that it announces.
    if (event.type === "step.running" && before?.status === "succeeded") return false;
    const since = before?.since ?? Date.parse(event.ts);
    this.#steps.set(event.step, {
      stepId: event.step,
      status,
      attempts: numberOf(data, "attempt") ?? before?.attempts ?? 1,
      since,
      durationMs: numberOf(data, "durationMs") ?? before?.durationMs,
      tokens: numberOf(data, "tokens") ?? before?.tokens,
      costUsd: numberOf(data, "costUsd") ?? before?.costUsd,
      message: messageOf(data),
    });
    if (before !== undefined) this.#count(before.status, -1);
    this.#count(status, 1);
    return true;
  }

  get steps(): readonly ShownStep[] {
    return [...this.#steps.values()];
  }

  get size(): number {
    return this.#steps.size;
  }

  /** How many steps there are of each status that occurs. */
  get counts(): ReadonlyMap<ShownStatus, number> {
    return this.#counts;
  }

  #count(status: ShownStatus, by: number): void {
    const count = (this.#counts.get(status) ?? 0) + by;
    if (count === 0) this.#counts.delete(status);
    else this.#counts.set(status, count);
  }
}
