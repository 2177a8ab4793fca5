import { eventsOf, type RecordEvent, type RunStore } from "@agentflow/core";

/** Reads a run's record events above the last one of a row, in order, a page at a time. */
export type ReadEvents = (runId: string, afterSeq: number) => AsyncIterable<readonly RecordEvent[]>;

/** Reads events from a store, which derives them from the committed rows (S6). A page holds those of `pageRows` rows. */
export function storedEvents(
  store: Pick<RunStore, "readRecords">,
  tenant: string,
  pageRows = 500,
): ReadEvents {
  return async function* read(runId, afterSeq) {
    let afterEvent = afterSeq;
    for (;;) {
      const records = await store.readRecords({ tenant, runId, afterEvent, limit: pageRows });
      const events = records.flatMap((record) => eventsOf(record, { runId }));
      if (events.length > 0) yield events;
      if (records.length < pageRows) return;
      afterEvent = events.at(-1)?.seq ?? afterEvent;
    }
  };
}
