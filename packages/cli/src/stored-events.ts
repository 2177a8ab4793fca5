import { CursorError, eventsOf, type RecordEvent, type RunHead, type RunStore } from "@agentflow/core";

const pageRows = 500;

/** Which events of a run are read, and how long. */
export interface StoredEventsRequest {
  readonly runs: RunStore;
  readonly head: RunHead;
  /** Number of the first event wanted. */
  readonly from: number;
  /** Waits before looking for new events; undefined reads what is there and ends. Resolves to false to stop. */
  readonly pause?: (() => Promise<boolean>) | undefined;
}

const ended = new Set(["succeeded", "failed", "cancelled"]);

/**
 * Yields the record events of a run from the store, in order; with `pause` it goes on until the run has ended. Throws
 * CursorError if `from` lies past the event after the last one (S7).
 */
export async function* storedEvents(request: StoredEventsRequest): AsyncGenerator<RecordEvent> {
  const { runs, from, pause } = request;
  const { tenant, runId } = request.head;
  if (from > request.head.events + 1) {
    throw new CursorError(`Event ${from} lies past the last event of the run, ${request.head.events}.`, {
      context: { from, events: request.head.events },
    });
  }
  // A row gives several events, so the row that holds event `from` may begin before it.
  let afterEvent = 0;
  for (let head: RunHead | undefined = request.head; head !== undefined; ) {
    for (;;) {
      const records = await runs.readRecords({ tenant, runId, afterEvent, limit: pageRows });
      for (const record of records) {
        afterEvent = record.row.event;
        for (const event of eventsOf(record, { runId })) if (event.seq >= from) yield event;
      }
      if (records.length < pageRows) break;
    }
    // The head was read before the rows: what a head that has ended says is complete.
    if (pause === undefined || ended.has(head.status) || !(await pause())) return;
    head = await runs.readHead(tenant, runId);
  }
}
