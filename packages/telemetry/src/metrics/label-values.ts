/** What stands for the values of a label that have no place any more. */
const otherValue = "other";

/** Limits of the series of one metric. */
export interface SeriesLimits {
  /** Values of one label. */
  readonly labelValuesMax: number;
  /** Combinations of values of all labels. */
  readonly seriesMax: number;
}

/**
 * The label values that one metric has seen. What comes after the limits is counted as "other": totals stay right, and
 * nobody who names workflows or tenants can grow the metrics without end.
 */
export class LabelValues {
  readonly #names: readonly string[];
  readonly #closed: Readonly<Record<string, readonly string[]>>;
  readonly #limits: SeriesLimits;
  readonly #seen: readonly Set<string>[];
  readonly #series = new Set<string>();

  constructor(
    names: readonly string[],
    closed: Readonly<Record<string, readonly string[]>>,
    limits: SeriesLimits,
  ) {
    this.#names = names;
    this.#closed = closed;
    this.#limits = limits;
    this.#seen = names.map(() => new Set());
  }

  /** The values to count under, in the order of the names. */
  of(values: Readonly<Record<string, string>>): readonly string[] {
    const held = this.#names.map((name, index) => this.#held(name, index, values[name] ?? ""));
    const key = JSON.stringify(held);
    if (this.#series.has(key)) return held;
    if (this.#series.size < this.#limits.seriesMax) {
      this.#series.add(key);
      return held;
    }
    return this.#names.map((name, index) =>
      this.#closed[name] === undefined ? otherValue : (held[index] ?? ""),
    );
  }

  #held(name: string, index: number, value: string): string {
    const closed = this.#closed[name];
    if (closed !== undefined) return closed.includes(value) ? value : otherValue;
    const seen = this.#seen[index];
    if (seen === undefined || seen.has(value)) return value;
    if (seen.size >= this.#limits.labelValuesMax) return otherValue;
    seen.add(value);
    return value;
  }
}
