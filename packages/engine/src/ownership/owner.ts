import type { Clock } from "@agentflow/core";
import { type Host, type OwnerRow, type OwnershipStore, type RunHead, RunOwnedError } from "@agentflow/core";

/** How often an owner's counter grows, and how long it must stand still to count as dead (S20), in milliseconds. */
const heartbeatMs = 2_000;
const standstillMs = 10_000;

/**
 * This process as an owner of runs (S20).
 *
 * 1. Its row exists before it takes a run and is removed only after it has released all.
 * 2. Another owner's run is taken only if that owner released it, its process on this host is gone, or its counter
 *    stood still for 10 s of this process's monotonic clock. Epochs fence; time never does.
 */
export class Owner {
  readonly id: string;
  readonly #store: OwnershipStore;
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #onBeat: () => void;
  readonly #onBeatFailed: (error: unknown) => void;
  #registered: Promise<void> | undefined;
  #cancelBeat: (() => void) | undefined;
  #isClosed = false;

  constructor(given: {
    store: OwnershipStore;
    host: Host;
    clock: Clock;
    onBeat: () => void;
    onBeatFailed: (error: unknown) => void;
  }) {
    this.id = given.host.newId();
    this.#store = given.store;
    this.#host = given.host;
    this.#clock = given.clock;
    this.#onBeat = given.onBeat;
    this.#onBeatFailed = given.onBeatFailed;
  }

  /** Writes the owner's row once and starts its heartbeat; after a failure the next call tries again. */
  register(): Promise<void> {
    this.#registered ??= this.#register().catch((error: unknown) => {
      this.#registered = undefined;
      throw error;
    });
    return this.#registered;
  }

  /** Stops the heartbeat and removes the row; the runs must be released. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelBeat?.();
    if (this.#registered === undefined) return;
    await this.#registered;
    await this.#store.removeOwner(this.id);
  }

  /**
   * Takes a run under the next epoch. Rejects with RunOwnedError while a living process has it, or when another taker
   * was faster.
   */
  async take(head: RunHead): Promise<{ readonly head: RunHead; readonly isRecovery: boolean }> {
    await this.register();
    const isRecovery = head.owner !== undefined && head.owner !== this.id;
    if (isRecovery) await this.#checkGone(head, head.owner as string);
    const taken = await this.#store.takeRun({
      tenant: head.tenant,
      runId: head.runId,
      expectedEpoch: head.epoch,
      expectedOwner: head.owner,
      ownerId: this.id,
      recovery: isRecovery ? 1 : 0,
    });
    if (taken === undefined) throw owned(head, "another process was faster");
    return { head: taken, isRecovery };
  }

  /** Gives back a run that was taken but cannot go on here. */
  async release(head: RunHead): Promise<void> {
    const { tenant, runId, epoch } = head;
    await this.#store.releaseRun({ tenant, runId, ownerId: this.id, epoch });
  }

  async #checkGone(head: RunHead, ownerId: string): Promise<void> {
    const owner = await this.#store.readOwner(ownerId);
    if (owner === undefined) return;
    if (owner.host === this.#host.name) {
      if (this.#host.isAlive(owner.pid, owner.processStart)) {
        throw owned(head, `process ${owner.pid} on this host advances it`);
      }
      return;
    }
    await this.#watchStandstill(head, owner);
  }

  async #watchStandstill(head: RunHead, seen: OwnerRow): Promise<void> {
    const begun = this.#clock.monotonic();
    while (this.#clock.monotonic() - begun < standstillMs) {
      await new Promise<void>((resolve) => this.#clock.setTimer(heartbeatMs, resolve));
      const now = await this.#store.readOwner(seen.ownerId);
      if (now === undefined) return;
      if (now.counter !== seen.counter)
        throw owned(head, `process ${now.pid} on host ${now.host} advances it`);
    }
  }

  async #register(): Promise<void> {
    const { name, pid, processStart } = this.#host;
    await this.#store.registerOwner({ ownerId: this.id, host: name, pid, processStart, counter: 0 });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#cancelBeat = this.#clock.setTimer(heartbeatMs, () => void this.#beat(), { background: true });
  }

  async #beat(): Promise<void> {
    try {
      await this.#store.beat(this.id);
    } catch (error) {
      // A store that is away for a while refuses commits too, and those stop the runs; the next beat tries again.
      this.#onBeatFailed(error);
    }
    this.#onBeat();
    this.#schedule();
  }
}

function owned(head: RunHead, why: string): RunOwnedError {
  return new RunOwnedError(`Run ${head.runId} cannot be taken: ${why}.`, {
    context: { runId: head.runId, owner: head.owner ?? null, epoch: head.epoch },
  });
}
