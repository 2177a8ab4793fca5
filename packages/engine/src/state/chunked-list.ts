import type { Json } from "@agentflow/core";

const chunkSize = 1024;

/**
 * A list that only grows, kept in chunks, so that appending costs what is appended and not what is there (S17).
 * A reader gets the first `length` items as one frozen array, made when asked for and kept until the list grows.
 */
export class ChunkedList {
  readonly #chunks: Json[][] = [];
  #length = 0;
  #view: readonly Json[] | undefined;

  constructor(items: readonly Json[]) {
    this.append(items);
  }

  get length(): number {
    return this.#length;
  }

  append(items: readonly Json[]): void {
    if (items.length === 0) return;
    let last = this.#chunks.at(-1);
    for (const item of items) {
      if (last === undefined || last.length === chunkSize) {
        last = [];
        this.#chunks.push(last);
      }
      last.push(item);
    }
    this.#length += items.length;
    this.#view = undefined;
  }

  /** Takes back what was appended since the list had this length. */
  truncate(length: number): void {
    this.#chunks.length = Math.ceil(length / chunkSize);
    const last = this.#chunks.at(-1);
    if (last !== undefined) last.length = length - (this.#chunks.length - 1) * chunkSize;
    this.#length = length;
    this.#view = undefined;
  }

  /** The first `length` items; `length` is the list's length now or at an earlier time. */
  view(length: number): readonly Json[] {
    if (this.#view?.length === length) return this.#view;
    const whole = ([] as Json[]).concat(...this.#chunks);
    const view = Object.freeze(length === this.#length ? whole : whole.slice(0, length));
    if (length === this.#length) this.#view = view;
    return view;
  }
}
