import {
  AnswerConflictError,
  type InboxRow,
  InterruptNotFoundError,
  type RunHead,
  type StoreBackend,
} from "@agentflow/core";
import { readWaits } from "./why.ts";

/**
 * Checks that a run waits for the answer to an interrupt. Rejects with AnswerConflictError if somebody has answered it,
 * with InterruptNotFoundError if the run never asked or has gone on.
 */
export async function checkInterrupt(
  head: RunHead,
  interruptId: string,
  backend: StoreBackend,
): Promise<void> {
  const inbox = await backend.inbox.read(head.tenant, head.runId, 0);
  const answer = inbox.find((row) => row.kind === "answer" && row.key === interruptId);
  if (answer !== undefined) throw answeredBefore(head, answer);
  const waits = await readWaits(head, backend.runs);
  const asked = waits.filter((wait) => wait.kind === "interrupt").map((wait) => wait.id);
  if (asked.includes(interruptId)) return;
  const hint = asked.length === 0 ? "The run asks nothing now." : `It asks: ${asked.join(", ")}.`;
  throw new InterruptNotFoundError(`Run ${head.runId} does not wait for ${interruptId}.`, {
    hint,
    context: { runId: head.runId, interruptId, asked },
  });
}

/** The error of a second answer, which names who gave the first (S13). */
export function answeredBefore({ runId }: RunHead, row: InboxRow): AnswerConflictError {
  const by = row.by === undefined ? "" : ` by ${row.by}`;
  return new AnswerConflictError(`${row.key} of run ${runId} was answered before${by}.`, {
    context: { runId, interruptId: row.key, by: row.by ?? null },
  });
}
