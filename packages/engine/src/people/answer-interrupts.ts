import {
  encodeJson,
  type InboxRow,
  type Json,
  type RunHead,
  type StoreBackend,
  ValidationError,
} from "@agentflow/core";
import type { Message } from "../inbox/mailbox.ts";
import type { AnswerSchemas } from "./answer-schemas.ts";
import { answeredBefore, checkInterrupts } from "./check-interrupts.ts";
import { answerInvalid, checkSchema } from "./check-schema.ts";

/** What answering works with. */
export interface AnswerParts {
  readonly backend: StoreBackend;
  readonly schemas: AnswerSchemas;
  readonly put: (head: RunHead, message: Message) => ReturnType<StoreBackend["inbox"]["put"]>;
}

/**
 * Answers interrupts of a run (S13). All are checked before one is stored: rejects with AnswerConflictError,
 * InterruptNotFoundError or ValidationError (AF_ANSWER_INVALID), and then none was. Of answers that others give at the
 * same moment the store decides: rejects with AnswerConflictError for the first that came too late, with the others
 * stored.
 */
export async function answerInterrupts(
  head: RunHead,
  answers: Readonly<Record<string, Json>>,
  by: string | undefined,
  { backend, schemas, put }: AnswerParts,
): Promise<void> {
  const ids = Object.keys(answers);
  if (ids.length === 0) throw new ValidationError("AF_ARGUMENT_INVALID", "No answer was given.");
  const values = ids.map((id) => encodeJson(answers[id] ?? null, `answer to ${id}`));
  await checkInterrupts(head, ids, backend);
  const problems: Record<string, readonly string[]> = {};
  for (const [index, id] of ids.entries()) {
    const checked = await checkSchema(schemas.of(head.runId, id), values[index]?.value);
    if (checked.problems !== undefined) problems[id] = checked.problems;
  }
  if (Object.keys(problems).length > 0) throw answerInvalid(problems);
  let earlier: InboxRow | undefined;
  for (const [index, key] of ids.entries()) {
    const stored = await put(head, { kind: "answer", key, value: values[index]?.json ?? "null", by });
    if (stored.kind === "answered") earlier ??= stored.row;
  }
  if (earlier !== undefined) throw answeredBefore(head, earlier);
}
