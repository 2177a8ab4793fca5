import { formatStepId, type Json } from "@agentflow/core";
import type { Place } from "./run-picture.ts";

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
