import { checkGrace, Engine, type EngineParts, type ParkOptions } from "@agentflow/engine";

/** An engine that also closes what was opened for it, in the order of `closers`, once its runs are parked. */
export class RuntimeEngine extends Engine {
  readonly #closers: readonly (() => Promise<void> | undefined)[];
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts, closers: readonly (() => Promise<void> | undefined)[]) {
    super(parts);
    this.#closers = closers;
  }

  override async close(options: ParkOptions = {}): Promise<void> {
    checkGrace(options.graceMs ?? 0);
    this.#closing ??= this.#closeAll(options);
    await this.#closing;
  }

  async #closeAll(options: ParkOptions): Promise<void> {
    const failures: unknown[] = [];
    for (const close of [() => super.close(options), ...this.#closers]) {
      try {
        await close();
      } catch (error) {
        // What follows is closed all the same; the first failure is the one to tell.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
