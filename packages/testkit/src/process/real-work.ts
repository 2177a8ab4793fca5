/** How long real work outside `ctx.io` is waited for before it counts as work that never ends; milliseconds. */
const patienceMs = 5_000;

/**
 * Whether this process waits for something real, such as a file or a timer, that it did not wait for at first: fake time
 * must not pass meanwhile.
 */
export class RealWork {
  readonly #before = pendingResources();
  #waitedMs = 0;

  /** True if something real is under way; a moment has passed then. */
  async wait(): Promise<boolean> {
    if (!this.#isUnderWay()) {
      this.#waitedMs = 0;
      return false;
    }
    if (this.#waitedMs >= patienceMs) return false;
    const begun = performance.now();
    await realMoment();
    this.#waitedMs += performance.now() - begun;
    return true;
  }

  #isUnderWay(): boolean {
    for (const [type, count] of pendingResources()) if (count > (this.#before.get(type) ?? 0)) return true;
    return false;
  }
}

/** Lets a moment of real time pass. */
export function realMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** What keeps the event loop of this process alive, by type; immediates are what is about to go on. */
function pendingResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo())
    if (type !== "Immediate") counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
