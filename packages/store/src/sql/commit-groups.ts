import type { CommitResult, RunCommit } from "@agentflow/core";

type Send = (members: readonly RunCommit[]) => Promise<readonly CommitResult[]>;

interface Waiting {
  readonly members: readonly RunCommit[];
  readonly gathers: boolean;
  readonly resolve: (results: readonly CommitResult[]) => void;
  readonly reject: (error: unknown) => void;
}

// One database transaction should not hold the lock for longer than a few milliseconds.
const groupMembersMax = 1_000;
// So many commits share a sync that waiting for more would save nothing.
const enoughMembers = 128;

/**
 * Gathers commits that arrive while others are written, so that they share one sync.
 * 1. Groups are sent one after the other, in the order of arrival.
 * 2. Commits that gather also wait `gatherMs` for company, counted from the first of them; one that does not gather
 *    takes all of them along at once, and so does one that makes them enough.
 * 3. The next group is on its way before anybody hears of the last one, and so is written while they go on.
 */
export class CommitGroups {
  readonly #send: Send;
  readonly #gatherMs: number;
  #waiting: Waiting[] = [];
  /** True while one that does not gather waits. */
  #isUrgent = false;
  #waitingMembers = 0;
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: Send, gatherMs: number) {
    this.#send = send;
    this.#gatherMs = gatherMs;
  }

  /** True when nothing waits or is sent. */
  get isEmpty(): boolean {
    return this.#sending === undefined && this.#waiting.length === 0;
  }

  add(members: readonly RunCommit[], gathers: boolean): Promise<readonly CommitResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ members, gathers, resolve, reject });
      this.#waitingMembers += members.length;
      if (!gathers) this.#isUrgent = true;
      if (this.#sending === undefined) this.#schedule();
    });
  }

  /** Resolves when every commit given so far has its result. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#sending !== undefined) {
      if (this.#sending === undefined) this.#start();
      await this.#sending;
    }
  }

  #schedule(): void {
    if (this.#isUrgent || this.#waitingMembers >= enoughMembers) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), this.#gatherMs);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending = this.#sendGroup(this.#take());
  }

  #take(): readonly Waiting[] {
    let count = 0;
    let size = 0;
    for (const { members } of this.#waiting) {
      if (count > 0 && size + members.length > groupMembersMax) break;
      count += 1;
      size += members.length;
    }
    const taken = this.#waiting.splice(0, count);
    this.#waitingMembers -= size;
    this.#isUrgent = this.#waiting.some(({ gathers }) => !gathers);
    return taken;
  }

  async #sendGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#send(group.flatMap(({ members }) => members));
      this.#next();
      let start = 0;
      for (const { members, resolve } of group) {
        resolve(results.slice(start, start + members.length));
        start += members.length;
      }
    } catch (error) {
      this.#next();
      for (const { reject } of group) reject(error);
    }
  }

  #next(): void {
    this.#sending = undefined;
    if (this.#waiting.length > 0) this.#schedule();
  }
}
