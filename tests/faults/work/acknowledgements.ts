import type { FaultSection } from "../fault-report.ts";
import type { PagesMessage } from "./pages-process.ts";

/** How an acknowledged commit is missed. */
export interface Loss {
  readonly runId: string;
  readonly acknowledgedSeq: number;
  readonly foundSeq: number;
}

/**
 * What processes acknowledged, held against what their successors find and do (I7).
 *
 * 1. A commit counts as acknowledged once the process has said so, whatever becomes of the process afterwards.
 * 2. After each start what is found is the truth from which the next process goes on.
 */
export class Acknowledgements {
  /** Newest acknowledged seq per run. */
  readonly #seqs = new Map<string, number>();
  readonly #steps = new Map<string, number>();
  readonly #found = new Map<string, number>();
  readonly #repeated: string[] = [];
  commits = 0;

  take(message: PagesMessage): void {
    if (message.said === "opening") this.#found.clear();
    if (message.said === "found") this.#found.set(message.runId, message.seq);
    if (message.said === "committed") this.#acknowledge(message);
    if (message.said === "entered") {
      const step = `${message.runId} ${message.step}`;
      if (this.#steps.has(step)) this.#repeated.push(step);
    }
  }

  /** Acknowledged steps that were executed again. */
  get repeated(): readonly string[] {
    return this.#repeated;
  }

  /** To be called when a process has found everything: what is missing. It counts as lost once. */
  missing(): readonly Loss[] {
    const losses: Loss[] = [];
    for (const [runId, acknowledgedSeq] of this.#seqs) {
      const foundSeq = this.#found.get(runId) ?? 0;
      if (foundSeq >= acknowledgedSeq) continue;
      losses.push({ runId, acknowledgedSeq, foundSeq });
      this.#seqs.set(runId, foundSeq);
      for (const [step, seq] of this.#steps)
        if (step.startsWith(`${runId} `) && seq > foundSeq) this.#steps.delete(step);
    }
    return losses;
  }

  #acknowledge({ runId, seq, steps }: PagesMessage & { readonly said: "committed" }): void {
    this.commits += 1;
    this.#seqs.set(runId, Math.max(seq, this.#seqs.get(runId) ?? 0));
    for (const step of steps) this.#steps.set(`${runId} ${step}`, seq);
  }
}

/** Reports each loss as a violation. */
export function reportLosses(section: FaultSection, losses: readonly Loss[]): void {
  for (const { runId, acknowledgedSeq, foundSeq } of losses)
    section.violation(
      "what was acknowledged is kept",
      `${runId} was acknowledged up to seq ${acknowledgedSeq}, and is stored up to ${foundSeq}`,
    );
}
