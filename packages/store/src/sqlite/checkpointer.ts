import { statSync } from "node:fs";
import type { LogDoubt } from "./log-doubt.ts";
import type { StoreThread } from "./store-thread-client.ts";

// A log that grows while it is copied never starts over by itself; above so many times its size commits wait until it
// does.
const restartFactor = 4;
// A commit dirties about 10 kB of log.
const bytesPerMember = 64 * 1024;

/** What a checkpointer works with. */
export interface CheckpointerParts {
  readonly path: string;
  /** Size from which the log is copied. Short runs end below it and never start the thread. */
  readonly logSizeBytes: number;
  readonly doubt: LogDoubt;
  readonly startThread: () => StoreThread;
  readonly onWarning: (message: string) => void;
}

/** Copies the write-ahead log into the file from the store thread, because syncing would freeze this one (STO-3). */
export class Checkpointer {
  readonly #parts: CheckpointerParts;
  readonly #membersPerLook: number;
  #thread: StoreThread | undefined;
  #members = 0;
  #copying: Promise<void> | undefined;
  #restarting = false;

  constructor(parts: CheckpointerParts) {
    this.#parts = parts;
    this.#membersPerLook = Math.ceil(parts.logSizeBytes / bytesPerMember);
  }

  /** Counts commits and looks at the size of the log now and then. `pause` runs work while commits wait. */
  committed(members: number, pause: (work: () => Promise<void>) => Promise<void>): void {
    // The log then grows until the store is opened anew; whoever closes it has been told.
    if (this.#parts.doubt.isFileInDoubt) return;
    this.#members += members;
    if (this.#members < this.#membersPerLook || this.#restarting) return;
    this.#members = 0;
    const { path, logSizeBytes } = this.#parts;
    const sizeBytes = logBytes(path);
    if (sizeBytes > restartFactor * logSizeBytes) {
      this.#restarting = true;
      void pause(() => this.#restart());
    } else if (sizeBytes > logSizeBytes) {
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
      if (this.#thread === undefined || this.#thread.hasEnded) this.#thread = this.#parts.startThread();
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
