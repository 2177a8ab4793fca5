import { type QueueLimits, UsageError } from "@agentflow/core";
import type { DeclaredQueues } from "@agentflow/runtime";
import { listOption } from "./command-configuration.ts";
import type { CommandInput } from "./spec/command-spec.ts";
import { durationOf } from "./time-option.ts";

/** Reads one limit of a queue; undefined for what it cannot be. */
const readers: Readonly<Record<string, (text: string) => QueueLimits | undefined>> = {
  concurrency: (text) => countOf(text, (concurrency) => ({ concurrency })),
  "key-concurrency": (text) => countOf(text, (keyConcurrency) => ({ keyConcurrency })),
  rate(text) {
    const [count = "", stretch = ""] = text.split("/");
    const perMs = durationOf(stretch);
    return perMs === undefined ? undefined : countOf(count, (limit) => ({ rate: { limit, perMs } }));
  },
};

/** The queues that `--queue` declares, such as `mail:concurrency=2,rate=100/1m`. Throws UsageError. */
export function queuesOption(input: CommandInput): DeclaredQueues {
  const queues = new Map<string, QueueLimits>();
  for (const given of listOption(input, "queue")) {
    const colon = given.indexOf(":");
    const name = colon === -1 ? given : given.slice(0, colon);
    if (queues.has(name)) throw new UsageError(`--queue names ${JSON.stringify(name)} twice.`);
    queues.set(name, colon === -1 ? {} : limitsOf(given, given.slice(colon + 1)));
  }
  return Object.fromEntries(queues);
}

function limitsOf(given: string, text: string): QueueLimits {
  let limits: QueueLimits = {};
  for (const part of text.split(",")) {
    const [name = "", value = ""] = part.split("=");
    const limit = Object.hasOwn(readers, name) ? readers[name]?.(value) : undefined;
    if (limit === undefined) {
      throw new UsageError(`--queue is ${JSON.stringify(given)}, and ${JSON.stringify(part)} is no limit.`, {
        hint: "Write them as mail:concurrency=2,rate=100/1m,key-concurrency=1; each may be left out.",
      });
    }
    limits = { ...limits, ...limit };
  }
  return limits;
}

function countOf(text: string, make: (count: number) => QueueLimits): QueueLimits | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? make(Number(text)) : undefined;
}
