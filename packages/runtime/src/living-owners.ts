import { type Clock, type Host, type OwnerRow, StoreInUseError } from "@agentflow/core";

/** How often owners' counters grow, and how long one must stand still to count as dead (S20), in milliseconds. */
const heartbeatMs = 2_000;
const standstillMs = 10_000;

/** What tells the living from the dead. */
export interface OwnerWatch {
  readonly host: Host;
  readonly clock: Clock;
  readonly read: () => Promise<readonly OwnerRow[]>;
}

/**
 * The registered processes that are alive (S20): on this host by pid and start, on another one if its counter grows
 * within 10 s. Answers at once unless there are owners on other hosts.
 */
export async function livingOwners({ host, clock, read }: OwnerWatch): Promise<readonly OwnerRow[]> {
  const found = await read();
  const living = found.filter((owner) => isHere(owner, host) && host.isAlive(owner.pid, owner.processStart));
  let unknown = found.filter((owner) => !isHere(owner, host));
  const begun = clock.monotonic();
  while (unknown.length > 0 && clock.monotonic() - begun < standstillMs) {
    await new Promise<void>((resolve) => clock.setTimer(heartbeatMs, resolve));
    const counters = new Map((await read()).map(({ ownerId, counter }) => [ownerId, counter]));
    living.push(...unknown.filter(({ ownerId, counter }) => (counters.get(ownerId) ?? counter) > counter));
    unknown = unknown.filter(({ ownerId, counter }) => counters.get(ownerId) === counter);
  }
  return living;
}

/** Throws StoreInUseError if a registered process is alive. */
export async function refuseLivingOwners(watch: OwnerWatch, hint?: string): Promise<void> {
  const living = await livingOwners(watch);
  if (living.length === 0) return;
  const names = living.map(({ pid, host }) => `process ${pid} on host ${host}`).join(", ");
  throw new StoreInUseError(`The store is in use: ${names} may advance runs.`, {
    hint,
    context: { owners: living.map(({ ownerId, host, pid }) => ({ ownerId, host, pid })) },
  });
}

function isHere(owner: OwnerRow, host: Host): boolean {
  return owner.host === host.name;
}
