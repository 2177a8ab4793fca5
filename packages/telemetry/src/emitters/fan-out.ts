import {
  type Emitter,
  eventProblem,
  InvariantError,
  type LiveEvent,
  type RecordEvent,
} from "@agentflow/core";

/** Is told which emitter failed and how. */
export type OnEmitterError = (emitter: string, error: unknown) => void;

/** What a fan-out needs beside its emitters. */
export interface FanOutOptions {
  readonly onEmitterError: OnEmitterError;
}

/**
 * Several emitters as one (RUN-3). Each gets every event; one that fails does not hold up or fail the others. Record
 * events are checked on the way; one that is not valid is reported and still delivered. `emit` fails, after all have
 * been given the events, if any of them failed, so that what they miss is delivered again.
 */
export function fanOut(emitters: readonly Emitter[], options: FanOutOptions): Emitter {
  return new FanOut(emitters, options.onEmitterError);
}

class FanOut implements Emitter {
  readonly name: string;
  readonly #emitters: readonly Emitter[];
  readonly #onError: OnEmitterError;

  constructor(emitters: readonly Emitter[], onError: OnEmitterError) {
    this.#emitters = emitters;
    this.#onError = onError;
    this.name = emitters.map((emitter) => emitter.name).join("+");
  }

  async emit(events: readonly RecordEvent[]): Promise<void> {
    this.#check(events);
    await this.#each((emitter) => emitter.emit(events));
  }

  live(event: LiveEvent): void {
    for (const emitter of this.#emitters) {
      try {
        emitter.live?.(event);
      } catch (error) {
        this.#onError(emitter.name, error);
      }
    }
  }

  async flush(): Promise<void> {
    await this.#each((emitter) => emitter.flush?.());
  }

  async close(): Promise<void> {
    await this.#each((emitter) => emitter.close?.());
  }

  #check(events: readonly RecordEvent[]): void {
    for (const event of events) {
      const problem = eventProblem(event);
      if (problem === undefined) continue;
      this.#onError(this.name, new InvariantError(`Event ${event.seq} of run ${event.runId}: ${problem}.`));
    }
  }

  async #each(act: (emitter: Emitter) => unknown): Promise<void> {
    const failures: unknown[] = [];
    await Promise.all(
      this.#emitters.map(async (emitter) => {
        try {
          await act(emitter);
        } catch (error) {
          failures.push(error);
          this.#onError(emitter.name, error);
        }
      }),
    );
    if (failures.length > 0) throw failures[0];
  }
}
