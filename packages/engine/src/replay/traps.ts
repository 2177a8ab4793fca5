import { AsyncLocalStorage } from "node:async_hooks";
import { NondeterminismError } from "@agentflow/core";

/** What user code must reach only through `ctx` (S25). */
const trapped = ["Date.now", "Math.random", "crypto.randomUUID", "fetch"] as const;

/** A trapped call: which function, and the file and line that called it. */
export interface TrappedCall {
  readonly name: (typeof trapped)[number];
  readonly at: string;
}

const inside = new AsyncLocalStorage<{ onTrapped(call: TrappedCall): void }>();
let installs = 0;
let restore: (() => void) | undefined;

/**
 * Runs `work` with the trapped functions replaced: called from within it, also later and asynchronously, they report and
 * throw NondeterminismError. Other code of the process that runs meanwhile is not affected.
 */
export async function withTraps<T>(
  onTrapped: (call: TrappedCall) => void,
  work: () => Promise<T>,
): Promise<T> {
  if (installs++ === 0) restore = install();
  try {
    return await inside.run({ onTrapped }, work);
  } finally {
    if (--installs === 0) restore?.();
  }
}

/** Runs `work` as if it were called from outside: what it does is not user code. */
export function withoutTraps<T>(work: () => T): T {
  return inside.exit(work);
}

function install(): () => void {
  const original = {
    now: Date.now,
    random: Math.random,
    randomUUID: crypto.randomUUID,
    fetch: globalThis.fetch,
  };
  Date.now = guard("Date.now", original.now);
  Math.random = guard("Math.random", original.random);
  crypto.randomUUID = guard("crypto.randomUUID", original.randomUUID.bind(crypto));
  globalThis.fetch = guard("fetch", original.fetch);
  return () => {
    Date.now = original.now;
    Math.random = original.random;
    crypto.randomUUID = original.randomUUID;
    globalThis.fetch = original.fetch;
  };
}

function guard<Call extends (...given: never[]) => unknown>(name: TrappedCall["name"], original: Call): Call {
  const guarded = (...given: Parameters<Call>): unknown => {
    const trap = inside.getStore();
    if (trap === undefined) return original(...given);
    const call = { name, at: callerOf(guarded) };
    trap.onTrapped(call);
    throw new NondeterminismError(`${name} was called at ${call.at}, outside ctx.`, { context: { ...call } });
  };
  return guarded as Call;
}

/** File and line of whoever called `called`. */
function callerOf(called: (...given: never[]) => unknown): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  const [, frame = "unknown place"] = (holder.stack ?? "").split("\n");
  return /\(([^)]+)\)/.exec(frame)?.[1] ?? frame.trim().replace(/^at /, "");
}
