import { isSyncFailure } from "./sqlite-error.ts";

// Places in the shared memory.
const log = 0;
const file = 1;

/**
 * What a failed sync has left unknown. Afterwards a kernel has forgotten which bytes it still had to write (errors of
 * `fsync` on Linux are told once), so that the next sync succeeds without them. Shared by the connections of a store in
 * all threads.
 * 1. The log is in doubt after any failed sync, until it has been written anew. Meanwhile nothing is synced: no commit
 *    that promises it, no copy of the log into the file.
 * 2. The file is in doubt once a sync failed while the log was copied into it, for as long as the store is open: SQLite
 *    counts as copied what only a sync of the file would have kept. The log then stays as it is, and whoever opens the
 *    store alone copies all of it again.
 */
export class LogDoubt {
  readonly #shared: Int32Array<SharedArrayBuffer>;

  constructor(shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.#shared = new Int32Array(shared);
  }

  /** To be given to another thread. */
  get shared(): SharedArrayBuffer {
    return this.#shared.buffer;
  }

  get isLogInDoubt(): boolean {
    return Atomics.load(this.#shared, log) === 1;
  }

  get isFileInDoubt(): boolean {
    return Atomics.load(this.#shared, file) === 1;
  }

  /** Takes note of an error, if it is that of a sync. */
  hear(error: unknown, whileCopying = false): void {
    if (!isSyncFailure(error)) return;
    Atomics.store(this.#shared, log, 1);
    if (whileCopying) Atomics.store(this.#shared, file, 1);
  }

  /** To be called when the log has been written anew. */
  settleLog(): void {
    Atomics.store(this.#shared, log, 0);
  }
}
