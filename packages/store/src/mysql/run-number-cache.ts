const knownMax = 10_000;

/** Numbers of the runs used last, by key: a run keeps its number for ever. */
export class RunNumberCache {
  readonly #known = new Map<string, number>();

  find(key: string): number | undefined {
    return this.#known.get(key);
  }

  keep(key: string, rid: number): void {
    if (this.#known.size >= knownMax) {
      // Map order is insertion order. A run in use that drops out costs one look-up.
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        if (this.#known.size < knownMax / 2) break;
      }
    }
    this.#known.set(key, rid);
  }

  /** Of a run that was refused nothing remembered is sure: it may have been removed and made anew. */
  forget(key: string): void {
    this.#known.delete(key);
  }
}
