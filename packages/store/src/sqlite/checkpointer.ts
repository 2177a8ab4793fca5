import { statSync } from "node:fs";
import type { StoreThread } from "./store-thread-client.ts";

// A commit dirties about 10 kB of log. Short runs end below the first limit and never start the thread.
const startBytes = 16 * 1024 * 1024;
// A log that grows while it is copied never starts over by itself; above this commits wait until it does.
const restartBytes = 64 * 1024 * 1024;
const membersPerLook = 256;

/** What a checkpointer works with. */
export interface CheckpointerParts {
  readonly path: string;
  readonly startThread: () => StoreThread;
  readonly onWarning: (message: string) => void;
}

/** Copies the write-ahead log into the file from the store thread, because syncing would freeze this one (STO-3). */
export class Checkpointer {
  readonly #parts: CheckpointerParts;
  #thread: StoreThread | undefined;
  #members = 0;
  #copying: Promise<void> | undefined;
  #restarting = false;

  constructor(parts: CheckpointerParts) {
    this.#parts = parts;
  }

  /** Counts commits and looks at the size of the log every few hundred. `pause` runs work while commits wait. */
  committed(members: number, pause: (work: () => Promise<void>) => Promise<void>): void {
    this.#members += members;
    if (this.#members < membersPerLook || this.#restarting) return;
    this.#members = 0;
    const sizeBytes = logBytes(this.#parts.path);
    if (sizeBytes > restartBytes) {
      this.#restarting = true;
      void pause(() => this.#restart());
    } else if (sizeBytes > startBytes) {
      this.#copying ??= this.#checkpoint("passive");
    }
  }

  async close(): Promise<void> {
    await this.#copying;
    await this.#thread?.close();
  }

  async #restart(): Promise<void> {
    await this.#copying;
    await this.#checkpoint("restart");
    this.#restarting = false;
  }

  async #checkpoint(mode: "passive" | "restart"): Promise<void> {
    try {
      this.#thread ??= this.#parts.startThread();
      await this.#thread.call("checkpoint", mode);
    } catch (error) {
      // Nothing is lost: the log keeps every commit and the next look tries again.
      this.#parts.onWarning(`The write-ahead log of ${this.#parts.path} was not copied: ${String(error)}`);
    } finally {
      this.#copying = undefined;
    }
  }
}

function logBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
