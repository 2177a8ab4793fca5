import {
  AnswerConflictError,
  formatStepId,
  InterruptNotFoundError,
  type Json,
  StoreUnavailableError,
} from "@agentflow/core";
import type { Place } from "@agentflow/testkit";

/** Which interrupts of the run have been asked and have no answer yet, in the order in which they were asked. */
export async function openInterrupts({ backend, tenant, runId }: Place): Promise<readonly string[]> {
  const records = await backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 100_000 });
  const inbox = await backend.inbox.read(tenant, runId, 0);
  const answered = new Set(inbox.filter(({ kind }) => kind === "answer").map(({ key }) => key));
  const asked = records.flatMap((record) => {
    if (record.kind !== "journal" || record.row.entry.kind !== "interrupt") return [];
    const { scope, superstep, node, item, entry } = record.row;
    const stepId = formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
    return [`${stepId}#${entry.name}[${entry.nth}]`];
  });
  return asked.filter((id) => !answered.has(id));
}

/** Gives the wrong answers to what of `open` has not had its own yet; true if there was one. */
export async function giveWrongAnswers(
  place: Place,
  open: readonly string[],
  wrongAnswers: Readonly<Record<string, Json>> = {},
): Promise<boolean> {
  const { backend, tenant, runId } = place;
  const said = new Set((await backend.inbox.read(tenant, runId, 0)).map(({ key }) => key));
  const wrong = open.filter((id) => wrongAnswers[id] !== undefined && !said.has(id));
  for (const key of wrong) {
    const value = JSON.stringify(wrongAnswers[key]);
    const row = { kind: "answer", key, value, by: "stranger", at: 0 } as const;
    await backend.inbox.put({ tenant, runId, row });
  }
  return wrong.length > 0;
}

/** Sends the events that people have for the run and that have not arrived. */
export async function sendSignals(
  { backend, tenant, runId }: Place,
  signals: readonly { readonly key: string; readonly value: Json }[],
): Promise<void> {
  const sent = (await backend.inbox.read(tenant, runId, 0)).filter(({ kind }) => kind === "event").length;
  for (const { key, value } of signals.slice(sent)) {
    const row = { kind: "event", key, value: JSON.stringify(value), by: undefined, at: 0 } as const;
    await backend.inbox.put({ tenant, runId, row });
  }
}

/**
 * The errors that the person who answers may get: the store was away, or the answer has arrived already, of which only
 * the acknowledgement was lost, or the run has gone on without it in another process.
 */
export function isToldToPeople(error: unknown): boolean {
  return (
    error instanceof StoreUnavailableError ||
    error instanceof AnswerConflictError ||
    error instanceof InterruptNotFoundError
  );
}
