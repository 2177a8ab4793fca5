import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Json } from "@agentflow/core";
import type { Outside, OutsideCall } from "../corpus/corpus-case.ts";
import type { DurableRecord } from "../process/durable-record.ts";
import { answerTo } from "../process/outside-world.ts";

/** One line of the file: a call that came in, or something that must never happen. */
export type OutsideLine =
  | { readonly runId: string; readonly key: string; readonly call: string }
  | { readonly runId: string; readonly problem: string };

/** The outside of real processes: a file that each of them appends to, synced before the caller has its answer. */
export class OutsideFile {
  readonly #handle: number;

  constructor(path: string) {
    this.#handle = openSync(path, "a");
  }

  /** The outside as one run meets it. */
  of(runId: string, durable: DurableRecord): Outside {
    return {
      salt: runId,
      entered: (stepId, attempt) => {
        if (durable.hasStep(stepId)) this.#write({ runId, problem: `${stepId} ran again after its commit` });
        if (durable.hasEnded(stepId, attempt))
          this.#write({ runId, problem: `attempt ${attempt} of ${stepId} ran again after its commit` });
      },
      act: async (call) => this.#act(runId, durable, call),
    };
  }

  close(): void {
    closeSync(this.#handle);
  }

  #act(runId: string, durable: DurableRecord, call: OutsideCall): Json {
    const { stepId, name, idempotencyKey } = call;
    if (durable.hasResult(call))
      this.#write({
        runId,
        problem: `${name} of ${stepId} was called again although its result was durable`,
      });
    this.#write({ runId, key: idempotencyKey, call: `${stepId} ${name}` });
    fsyncSync(this.#handle);
    return answerTo(call);
  }

  #write(line: OutsideLine): void {
    writeSync(this.#handle, `${JSON.stringify(line)}\n`);
  }
}

/** What the outside saw, in order. */
export function readOutside(path: string): readonly OutsideLine[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as OutsideLine);
}
