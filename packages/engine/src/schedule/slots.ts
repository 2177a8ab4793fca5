/** Counts attempts that run, over all runs of an engine; who finds none free is called when one is (S14). */
export class Slots {
  readonly #max: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get running(): number {
    return this.#running;
  }

  /** Takes a slot, or remembers `onFree` and returns false. */
  take(onFree: () => void): boolean {
    if (this.#running >= this.#max) {
      this.#waiting.add(onFree);
      return false;
    }
    this.#running++;
    return true;
  }

  release(): void {
    this.#running--;
    if (this.#waiting.size === 0) return;
    // Who waited may have no use for the place any more: then it is the next one's.
    for (const next of [...this.#waiting]) {
      if (this.#running >= this.#max) return;
      this.#waiting.delete(next);
      next();
    }
  }
}
