import type { CommitResult, RunCommit } from "@agentflow/core";

type Send = (members: readonly RunCommit[]) => Promise<readonly CommitResult[]>;

interface Waiting {
  readonly members: readonly RunCommit[];
  readonly resolve: (results: readonly CommitResult[]) => void;
  readonly reject: (error: unknown) => void;
}

// One database transaction should not hold the lock for longer than a few milliseconds.
const groupMembersMax = 1_000;

/**
 * Gathers commits that arrive while others are written, so that they share one sync.
 * 1. Groups are sent one after the other, in the order of arrival.
 * 2. With `gatherMs` above 0 a group also waits that long for company, counted from its first member.
 */
export class CommitGroups {
  readonly #send: Send;
  readonly #gatherMs: number;
  #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: Send, gatherMs: number) {
    this.#send = send;
    this.#gatherMs = gatherMs;
  }

  add(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ members, resolve, reject });
      if (this.#sending === undefined && this.#timer === undefined) this.#schedule();
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
    if (this.#gatherMs === 0) this.#start();
    else this.#timer = setTimeout(() => this.#start(), this.#gatherMs);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending = this.#sendGroup(this.#take()).finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #take(): readonly Waiting[] {
    let count = 0;
    let size = 0;
    for (const { members } of this.#waiting) {
      if (count > 0 && size + members.length > groupMembersMax) break;
      count += 1;
      size += members.length;
    }
    return this.#waiting.splice(0, count);
  }

  async #sendGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#send(group.flatMap(({ members }) => members));
      let start = 0;
      for (const { members, resolve } of group) {
        resolve(results.slice(start, start + members.length));
        start += members.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
