import { HistoryRemovedError } from "../errors/replay-errors.ts";
import type { RunHead } from "./run-head.ts";

/** Throws HistoryRemovedError for a run whose history retention has removed: its end is the nearest point left (S24). */
export function requireHistory(head: RunHead): void {
  const { runId, historyRemovedAt, events } = head;
  if (historyRemovedAt === undefined) return;
  const removedAt = new Date(historyRemovedAt).toISOString();
  const message = `The history of run ${runId} was removed at ${removedAt}; the nearest point left is its end, event ${events}.`;
  throw new HistoryRemovedError(message, { context: { runId, removedAt, nearestEvent: events } });
}
