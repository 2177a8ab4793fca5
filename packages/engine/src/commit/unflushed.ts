import type { RunCommit } from "@agentflow/core";

/** What a pipelined store may be behind before its runs wait for it: all of it stays in memory. */
const unflushedMax = { commits: 4_096, chars: 8 * 1024 * 1024 } as const;

/** What a pipelined store (`batched`) was given and has not yet flushed. */
export class Unflushed {
  #commits = 0;
  #chars = 0;

  /** How many commits there are. */
  get commits(): number {
    return this.#commits;
  }

  /** True while runs may go on before the store has caught up. */
  get isLittle(): boolean {
    return this.#commits <= unflushedMax.commits && this.#chars <= unflushedMax.chars;
  }

  /** Notes a call; gives the function that notes its answer. */
  add(members: readonly RunCommit[]): () => void {
    let chars = 0;
    for (const member of members) chars += charsOf(member);
    this.#commits += members.length;
    this.#chars += chars;
    return () => {
      this.#commits -= members.length;
      this.#chars -= chars;
    };
  }
}

function charsOf({ steps, journal, snapshots, blobs }: RunCommit): number {
  let chars = 0;
  for (const { delta, detail } of steps) chars += delta.length + (detail?.length ?? 0);
  for (const { entry } of journal) chars += entry.value.length;
  for (const { state } of snapshots) chars += state.length;
  for (const { json } of blobs) chars += json.length;
  return chars;
}
