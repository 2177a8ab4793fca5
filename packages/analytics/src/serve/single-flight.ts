/**
 * Does equal pieces of work once, for everybody who wants them at the same time.
 *
 * 1. While work of a key is under way, whoever asks for the key gets its result.
 * 2. Each of them may leave on its own; the work is aborted when the last one has left.
 * 3. Work that has ended, or that is being aborted, is joined by nobody: results are not kept.
 */
import { cancelled } from "./cancelled.ts";

interface Flight<Result> {
  readonly result: Promise<Result>;
  readonly stop: AbortController;
  passengers: number;
}

/** A result, and whether somebody else's work gave it. */
export interface Shared<Result> {
  readonly result: Result;
  readonly shared: boolean;
}

/** Work by key. */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Flight<Result>>();

  /** Joins the work of the key, or begins it. Throws what the work throws, and QueryCancelledError. */
  async run(
    key: string,
    work: (signal: AbortSignal) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Shared<Result>> {
    if (signal?.aborted) throw cancelled(signal);
    const joined = this.#flights.get(key);
    const flight = joined ?? this.#begin(key, work);
    flight.passengers += 1;
    try {
      return { result: await unlessAborted(flight.result, signal), shared: joined !== undefined };
    } finally {
      flight.passengers -= 1;
      if (flight.passengers === 0) {
        this.#forget(key, flight);
        flight.stop.abort(signal?.reason);
      }
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<Result>): Flight<Result> {
    const stop = new AbortController();
    const flight: Flight<Result> = { result: work(stop.signal), stop, passengers: 0 };
    this.#flights.set(key, flight);
    const forget = (): void => this.#forget(key, flight);
    // Whoever waits is told of a failure; when everybody has left there is nobody to tell.
    flight.result.then(forget, forget);
    return flight;
  }

  #forget(key: string, flight: Flight<Result>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(cancelled(signal));
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
