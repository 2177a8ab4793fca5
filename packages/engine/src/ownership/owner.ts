import {
  type Clock,
  type Host,
  type OwnerRow,
  type OwnershipStore,
  type RestedRun,
  type RunHead,
  RunOwnedError,
  StoreError,
  type WaitStore,
} from "@agentflow/core";

/** How often an owner's counter grows, and how long it must stand still to count as dead (S20), in milliseconds. */
const heartbeatMs = 2_000;
const standstillMs = 10_000;

/** A run as its owner holds it. */
export interface OwnedRun {
  readonly tenant: string;
  readonly runId: string;
  readonly epoch: number;
}

/**
 * This process as an owner of runs (S20).
 *
 * 1. Its row exists before it takes a run and is removed only after it has released all.
 * 2. A run that stopped here without a word to the store is given back with the next heartbeat that the store takes.
 * 3. Another owner's run is taken only if that owner released it, its process on this host is gone, or its counter
 *    stood still for 10 s of this process's monotonic clock. Epochs fence; time never does.
 */
export class Owner {
  readonly id: string;
  readonly #store: OwnershipStore;
  readonly #waits: WaitStore;
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #onBeat: () => void;
  readonly #onBeatFailed: (error: unknown) => void;
  #registered: Promise<void> | undefined;
  #cancelBeat: (() => void) | undefined;
  #isClosed = false;
  /** Runs that stopped here and are still ours in the store, by tenant and id. */
  readonly #abandoned = new Map<string, OwnedRun>();
  /** Counters of owners on other hosts, and since when they stand still, by the monotonic clock. */
  #seen = new Map<string, { readonly counter: number; readonly since: number }>();

  constructor(given: {
    store: OwnershipStore;
    waits: WaitStore;
    host: Host;
    clock: Clock;
    onBeat: () => void;
    onBeatFailed: (error: unknown) => void;
  }) {
    this.id = given.host.newId();
    this.#store = given.store;
    this.#waits = given.waits;
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
    const { tenant, runId, epoch: expectedEpoch } = head;
    const recovery = isRecovery ? 1 : 0;
    const request = {
      tenant,
      runId,
      expectedEpoch,
      expectedOwner: head.owner,
      ownerId: this.id,
      recovery,
    } as const;
    let taken = await this.#store.takeRun(request);
    // One of ours may have been given back since its head was read.
    if (taken === undefined && head.owner === this.id)
      taken = await this.#store.takeRun({ ...request, expectedOwner: undefined });
    if (taken === undefined) throw owned(head, "another process was faster");
    return { head: taken, isRecovery };
  }

  /** Takes those of the runs that rest at their epoch as nobody's, and reads what they go on from. */
  async takeRested(
    tenant: string,
    runs: readonly Pick<OwnedRun, "runId" | "epoch">[],
  ): Promise<readonly RestedRun[]> {
    await this.register();
    const wanted = runs.map(({ runId, epoch }) => ({ runId, epoch }));
    try {
      const taken = await this.#waits.takeRested({ tenant, runs: wanted, ownerId: this.id });
      for (const { head } of taken) this.#abandoned.delete(keyOf(head));
      return taken;
    } catch (error) {
      // The store may have given them to us all the same.
      if (error instanceof StoreError)
        for (const { runId, epoch } of wanted) this.giveBack({ tenant, runId, epoch: epoch + 1 });
      throw error;
    }
  }

  /** Whether a run could be taken at once: nobody has it, or whoever had it is known to be gone. */
  async isFree({ owner: ownerId }: RunHead): Promise<boolean> {
    if (ownerId === undefined || ownerId === this.id) return true;
    const owner = await this.#store.readOwner(ownerId);
    return (
      owner === undefined ||
      (owner.host === this.#host.name && !this.#host.isAlive(owner.pid, owner.processStart))
    );
  }

  /** Ids of the owners that are not known to be gone; one on another host is once its counter stood still for 10 s. */
  async findLiving(): Promise<readonly string[]> {
    const owners = await this.#store.listOwners();
    const now = this.#clock.monotonic();
    const seen = new Map<string, { readonly counter: number; readonly since: number }>();
    for (const { ownerId, counter } of owners) {
      const known = this.#seen.get(ownerId);
      seen.set(ownerId, known?.counter === counter ? known : { counter, since: now });
    }
    this.#seen = seen;
    return owners.filter((owner) => !this.#isGone(owner)).map(({ ownerId }) => ownerId);
  }

  #isGone({ ownerId, host, pid, processStart, counter }: OwnerRow): boolean {
    if (host === this.#host.name) return !this.#host.isAlive(pid, processStart);
    const seen = this.#seen.get(ownerId);
    return seen?.counter === counter && this.#clock.monotonic() - seen.since >= standstillMs;
  }

  /** Gives back a run that stopped here because its store failed, as soon as the store takes it. */
  giveBack(run: OwnedRun): void {
    this.#abandoned.set(keyOf(run), run);
  }

  /** Gives back a run that was taken but cannot go on here; later, if the store fails. */
  async release({ tenant, runId, epoch }: RunHead): Promise<void> {
    try {
      await this.#store.releaseRun({ tenant, runId, ownerId: this.id, epoch });
    } catch (error) {
      this.giveBack({ tenant, runId, epoch });
      this.#onBeatFailed(error);
    }
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
    if (!this.#isGone(owner)) await this.#watchStandstill(head, owner);
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
    await this.#store.registerOwner(this.#row());
    this.#schedule();
  }

  #row(): OwnerRow {
    const { name, pid, processStart } = this.#host;
    return { ownerId: this.id, host: name, pid, processStart, counter: 0 };
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#cancelBeat = this.#clock.setTimer(heartbeatMs, () => void this.#beat(), { background: true });
  }

  async #beat(): Promise<void> {
    try {
      // Whoever took this process for dead while it stood still has removed its row.
      if (!(await this.#store.beat(this.id)) && !this.#isClosed) await this.#store.registerOwner(this.#row());
      for (const [key, { tenant, runId, epoch }] of this.#abandoned) {
        await this.#store.releaseRun({ tenant, runId, epoch, ownerId: this.id });
        if (this.#abandoned.get(key)?.epoch === epoch) this.#abandoned.delete(key);
      }
    } catch (error) {
      // A store that is away for a while refuses commits too, and those stop the runs; the next beat tries again.
      this.#onBeatFailed(error);
    }
    this.#onBeat();
    this.#schedule();
  }
}

function keyOf({ tenant, runId }: Pick<OwnedRun, "tenant" | "runId">): string {
  return JSON.stringify([tenant, runId]);
}

function owned(head: RunHead, why: string): RunOwnedError {
  return new RunOwnedError(`Run ${head.runId} cannot be taken: ${why}.`, {
    context: { runId: head.runId, owner: head.owner ?? null, epoch: head.epoch },
  });
}
