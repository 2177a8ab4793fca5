import { type QueueLimits, ValidationError } from "@agentflow/core";

/** Queues by name, with what holds their runs back. */
export type DeclaredQueues = Readonly<Record<string, QueueLimits>>;

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Throws ValidationError (AF_ARGUMENT_INVALID) for a name or a limit that no queue can have. */
export function checkQueues(queues: DeclaredQueues): void {
  for (const [name, { concurrency, rate, keyConcurrency }] of Object.entries(queues)) {
    if (!namePattern.test(name)) {
      throw new ValidationError(
        "AF_ARGUMENT_INVALID",
        `${JSON.stringify(name)} cannot be the name of a queue.`,
        {
          hint: "Use 1 to 64 letters, digits, `.`, `_` or `-`, starting with a letter or digit.",
        },
      );
    }
    const limits = { concurrency, keyConcurrency, "rate.limit": rate?.limit, "rate.perMs": rate?.perMs };
    for (const [limit, found] of Object.entries(limits)) {
      if (found === undefined || (Number.isSafeInteger(found) && found >= 1)) continue;
      throw new ValidationError(
        "AF_ARGUMENT_INVALID",
        `${limit} of the queue ${name} must be a whole number from 1, not ${String(found)}.`,
        { context: { queue: name, limit, found: String(found) } },
      );
    }
  }
}
