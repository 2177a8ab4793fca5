/** A travel agency: what it books is undone by its booking id. Calls with a key it knows change nothing. */
export class Agency {
  readonly log: string[] = [];
  readonly #known = new Map<string, string>();
  readonly #soldOut: string;

  constructor(soldOut: string) {
    this.#soldOut = soldOut;
  }

  async book(what: string, key: string): Promise<string> {
    if (what === this.#soldOut) throw new Error(`There is no ${what} left.`);
    return this.#once(key, `booked ${what}`, `${what}-1`);
  }

  async cancel(booking: string, key: string): Promise<string> {
    return this.#once(key, `cancelled ${booking}`, booking);
  }

  #once(key: string, line: string, answer: string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.log.push(line);
    this.#known.set(key, answer);
    return answer;
  }
}
