import { type QueueLimits, ValidationError } from "@agentflow/core";
import { checkQueue } from "./delayed-start.ts";
import { RunServer, type RunServerParts, type ServeOptions } from "./run-server.ts";

const usualConcurrency = 100;

/** Makes a server of what its options ask for. Throws ValidationError. */
export function serverOf(
  { concurrency = usualConcurrency, queues }: ServeOptions,
  parts: Omit<RunServerParts, "concurrency">,
): RunServer {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    const message = `concurrency must be a whole number from 1, not ${String(concurrency)}.`;
    throw new ValidationError("AF_ARGUMENT_INVALID", message);
  }
  if (parts.workflows.names.length === 0) {
    throw new ValidationError("AF_ARGUMENT_INVALID", "The engine has no workflows to serve.", {
      hint: "Give them to it: createEngine({ workflows: [...] }).",
    });
  }
  const declared = new Set(Object.keys(parts.queues));
  for (const name of queues ?? []) checkQueue(name, declared);
  const wanted: Record<string, QueueLimits> = {};
  for (const [name, limits] of Object.entries(parts.queues))
    if (queues === undefined || queues.includes(name)) wanted[name] = limits;
  return new RunServer({ ...parts, concurrency, queues: wanted });
}
