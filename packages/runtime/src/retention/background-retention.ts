import type { Clock, Host, OwnerRow, StoreBackend } from "@agentflow/core";
import {
  collectOwners,
  collectRuns,
  collectSnapshots,
  purgeRemoved,
  type StoreRound,
} from "./collect-store.ts";
import { type RetentionOptions, removalRules } from "./retention-options.ts";

// Short-lived processes never begin; of many processes one does a round.
const firstAfterMs = 60_000;
const roundEveryMs = 3_600_000;
// Of the time of a round this share is work, the rest is left to the runs.
const workShare = 0.05;
const pauseMinMs = 20;

/** What background retention works with. */
export interface BackgroundRetentionParts {
  readonly backend: StoreBackend;
  readonly tenant: string;
  readonly clock: Clock;
  readonly host: Host;
  readonly runsDirectory: string | undefined;
  readonly options: RetentionOptions;
  readonly onError: (error: unknown) => void;
}

/**
 * Cleans a store up while an engine runs on it (S24): redundant snapshots, what the rules let go, rows of dead processes.
 * Files beside the store are left to `collectGarbage`, except the directories of removed runs.
 *
 * 1. Works at most a twentieth of the time, in pieces that take no longer than a commit.
 * 2. Of all processes on a store one does the round of an hour.
 * 3. An error ends the round and is reported; the next one tries again.
 */
export class BackgroundRetention {
  readonly #parts: BackgroundRetentionParts;
  /** Counters of owners, as the round before found them. */
  #seen: ReadonlyMap<string, number> = new Map();
  #cancelTimer: () => void = () => undefined;
  #stopPause: () => void = () => undefined;
  #isStopped = false;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: BackgroundRetentionParts) {
    this.#parts = parts;
    this.#schedule(firstAfterMs);
  }

  /** Ends the round that is under way after its current piece. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    this.#stopPause();
    await this.#round;
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    const begin = (): void => {
      this.#round = this.#runRound();
    };
    this.#cancelTimer = this.#parts.clock.setTimer(delayMs, begin, { background: true });
  }

  async #runRound(): Promise<void> {
    const { backend, clock, onError } = this.#parts;
    try {
      const isOurs = await backend.retention.claimRound({ at: clock.now(), intervalMs: roundEveryMs });
      if (isOurs) await this.#collect();
    } catch (error) {
      onError(error);
    }
    this.#schedule(roundEveryMs);
  }

  async #collect(): Promise<void> {
    const { backend, tenant, clock, runsDirectory, options } = this.#parts;
    const round: StoreRound = {
      backend,
      tenant,
      now: clock.now(),
      dryRun: false,
      runsDirectory,
      pause: this.#pacer(),
    };
    await collectOwners(round, await this.#deadOwners());
    await collectSnapshots(round);
    for (const rule of removalRules(options, tenant, round.now)) await collectRuns(round, rule, false);
    await purgeRemoved(round);
  }

  /** Pauses in proportion to the time since the pause before; false once this is to stop. */
  #pacer(): () => Promise<boolean> {
    const { clock } = this.#parts;
    let workedSince = clock.monotonic();
    return async () => {
      const workedMs = clock.monotonic() - workedSince;
      const restMs = Math.max(pauseMinMs, workedMs * (1 / workShare - 1));
      if (!this.#isStopped) {
        await new Promise<void>((resolve) => {
          const cancel = clock.setTimer(restMs, resolve, { background: true });
          this.#stopPause = () => {
            cancel();
            resolve();
          };
        });
      }
      workedSince = clock.monotonic();
      return !this.#isStopped;
    };
  }

  /** Of this host by pid and start; of others by a counter that stood still from one round to the next (S20). */
  async #deadOwners(): Promise<readonly OwnerRow[]> {
    const { backend, host } = this.#parts;
    const owners = await backend.owners.listOwners();
    const seen = this.#seen;
    this.#seen = new Map(owners.map(({ ownerId, counter }) => [ownerId, counter]));
    return owners.filter(({ ownerId, counter, host: name, pid, processStart }) =>
      name === host.name ? !host.isAlive(pid, processStart) : seen.get(ownerId) === counter,
    );
  }
}
