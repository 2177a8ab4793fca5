import type { InboxRow, WaitChanges, WaitKey, WaitRow } from "@agentflow/core";

/** What one run in memory waits for (S13). */
export class WaitRows {
  readonly #rows = new Map<string, WaitRow>();

  get all(): Iterable<WaitRow> {
    return this.#rows.values();
  }

  change({ begun, ended, none }: WaitChanges): void {
    if (none === true) this.#rows.clear();
    for (const key of ended) this.#rows.delete(keyOf(key));
    for (const row of begun) this.#rows.set(keyOf(row), Object.freeze({ ...row }));
  }

  /** Whether a step waits for this row of the inbox. */
  await({ kind, key }: Pick<InboxRow, "kind" | "key">): boolean {
    for (const wait of this.#rows.values()) if (wait.kind === kind && wait.key === key) return true;
    return false;
  }
}

// Numbers first: what follows them, the scope, may hold any character.
function keyOf({ scope, superstep, ordinal, entry }: WaitKey): string {
  return `${entry} ${superstep} ${ordinal} ${scope}`;
}
