import {
  AnswerConflictError,
  deadlineSender,
  type InboxRow,
  InterruptNotFoundError,
  type RunHead,
  type StoreBackend,
} from "@agentflow/core";
import { readWaits } from "../inspect/why.ts";

/**
 * Checks that a run waits for the answers to these interrupts. Rejects with AnswerConflictError if somebody has answered
 * one, with InterruptNotFoundError if the run never asked one or has gone on.
 */
export async function checkInterrupts(
  head: RunHead,
  interruptIds: readonly string[],
  backend: StoreBackend,
): Promise<void> {
  const inbox = await backend.inbox.read(head.tenant, head.runId, 0);
  const answer = inbox.find((row) => row.kind === "answer" && interruptIds.includes(row.key));
  if (answer !== undefined) throw answeredBefore(head, answer);
  const isOver = head.status === "succeeded" || head.status === "cancelled";
  const waits = isOver ? [] : await readWaits(head, backend.runs);
  const asked = waits.filter((wait) => wait.kind === "interrupt").map((wait) => wait.id);
  const missing = interruptIds.find((id) => !asked.includes(id));
  if (missing === undefined) return;
  const hint = asked.length === 0 ? "The run asks nothing now." : `It asks: ${asked.join(", ")}.`;
  throw new InterruptNotFoundError(`Run ${head.runId} does not wait for ${missing}.`, {
    hint,
    context: { runId: head.runId, interruptId: missing, asked },
  });
}

/** The error of a second answer, which names who gave the first (S13). */
export function answeredBefore({ runId }: RunHead, { key, by }: InboxRow): AnswerConflictError {
  const told = by === undefined ? "answered before" : `answered before by ${by}`;
  const what = by === deadlineSender ? "not answered before its deadline" : told;
  return new AnswerConflictError(`${key} of run ${runId} was ${what}.`, {
    context: { runId, interruptId: key, by: by ?? null },
  });
}
