import type { Awaitable } from "@agentflow/core";

/** Lets one piece of asynchronous work pass at a time, in the order of arrival. */
export class WriteGate {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** True when nothing runs or waits, so that a caller may work at once, within this tick. */
  get free(): boolean {
    return this.#waiting === 0;
  }

  run<T>(work: () => Awaitable<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    // The next in line waits for the end, not for the success, of this one.
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
