import { type Queued, ValidationError } from "@agentflow/core";
import { checkText } from "../step/check-call.ts";

/** When a run begins, if not at once. */
export interface DelayOptions {
  /** The run begins at this time, or in wall-clock milliseconds, and not before. */
  readonly startAt?: number | Date | undefined;
  /** The run begins so many milliseconds after its start was accepted. */
  readonly delayMs?: number | undefined;
  /** The run waits for its turn in this queue, which the engine declares; it begins where an engine serves. */
  readonly queue?: string | undefined;
  /** Runs of one key count together against `keyConcurrency` of their queue. */
  readonly key?: string | undefined;
}

/** What a run that does not begin at once waits for. */
export interface Delay {
  /** When it begins, in wall-clock milliseconds; undefined for a run whose queue decides. */
  readonly wakeAt: number | undefined;
  readonly queued: Queued | undefined;
}

const keyMax = 255;

/** What a new run waits for; undefined for one that begins at once. Throws ValidationError. */
export function delayOf(options: DelayOptions, now: number, queues: ReadonlySet<string>): Delay | undefined {
  const { startAt, delayMs, queue, key } = options;
  if (startAt !== undefined && delayMs !== undefined)
    throw refused("startAt and delayMs exclude each other.");
  const at = startAt === undefined ? now + (delayMs ?? 0) : Number(startAt);
  if (!Number.isFinite(at) || (delayMs !== undefined && delayMs < 0)) {
    throw refused(
      `${startAt === undefined ? "delayMs" : "startAt"} is no time: ${String(startAt ?? delayMs)}.`,
      "Give a Date, or milliseconds.",
    );
  }
  if (queue === undefined) {
    if (key !== undefined)
      throw refused("A key needs a queue.", "Name the queue whose runs it is compared with.");
    return at > now ? { wakeAt: Math.ceil(at), queued: undefined } : undefined;
  }
  checkQueue(queue, queues);
  checkText("The key of a run", key);
  if (key !== undefined && (key === "" || key.length > keyMax))
    throw refused(`A key has 1 to ${keyMax} characters.`);
  return { wakeAt: undefined, queued: { queue, key, dueAt: Math.ceil(Math.max(at, now)) } };
}

/** Throws ValidationError for a queue that the engine does not declare. */
export function checkQueue(queue: string, queues: ReadonlySet<string>): void {
  if (queues.has(queue)) return;
  const known = [...queues].join(", ");
  throw refused(
    `There is no queue ${JSON.stringify(queue)}.`,
    known === "" ? "Declare it: createEngine({ queues: { name: {} } })." : `The engine declares ${known}.`,
  );
}

function refused(message: string, hint?: string): ValidationError {
  return new ValidationError("AF_ARGUMENT_INVALID", message, { hint });
}
