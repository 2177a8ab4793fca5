import { eventsOf, type RecordEvent, type RecordRow, type StepRow, type StoreBackend } from "@agentflow/core";

/** Where a run is stored. */
export interface Place {
  readonly backend: StoreBackend;
  readonly tenant: string;
  readonly runId: string;
}

/** All rows of a run in event order. */
export async function rowsOf({ backend, tenant, runId }: Place): Promise<readonly RecordRow[]> {
  return backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 1_000_000 });
}

/** The committed outcomes of a run in event order. */
export async function stepRowsOf(place: Place): Promise<readonly StepRow[]> {
  const rows = await rowsOf(place);
  return rows.flatMap((record) => (record.kind === "step" ? [record.row] : []));
}

/** The record events of the stored rows. */
export async function storedEvents(place: Place): Promise<readonly RecordEvent[]> {
  return eventsIn(await rowsOf(place), place.runId);
}

/** The record events of rows, in their order. */
export function eventsIn(records: readonly RecordRow[], runId: string): RecordEvent[] {
  return records.flatMap((record) => eventsOf(record, { runId }));
}
