import type { StandardSchema } from "@agentflow/core";

type AnswerSchema = StandardSchema<unknown, unknown>;

/** How many are kept: those asked last. */
const keptMax = 10_000;

/**
 * The schemas of the interrupts that runs of this engine have asked, so that a wrong answer is refused when it is given.
 * One that is not known is found out by whoever takes the answer (S13).
 */
export class AnswerSchemas {
  readonly #schemas = new Map<string, AnswerSchema>();

  keep(runId: string, interruptId: string, schema: AnswerSchema | undefined): void {
    if (schema === undefined) return;
    this.#schemas.set(keyOf(runId, interruptId), schema);
    const [oldest] = this.#schemas.keys();
    if (this.#schemas.size > keptMax && oldest !== undefined) this.#schemas.delete(oldest);
  }

  of(runId: string, interruptId: string): AnswerSchema | undefined {
    return this.#schemas.get(keyOf(runId, interruptId));
  }
}

function keyOf(runId: string, interruptId: string): string {
  return `${runId} ${interruptId}`;
}
