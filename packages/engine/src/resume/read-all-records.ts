import type { RecordRow, RunStore } from "@agentflow/core";

const pageRows = 1_000;

/** All rows of a run in event order, a page at a time. */
export async function* readAllRecords(
  head: { readonly tenant: string; readonly runId: string },
  runs: RunStore,
): AsyncGenerator<RecordRow, void, void> {
  const { tenant, runId } = head;
  for (let afterEvent = 0; ; ) {
    const rows = await runs.readRecords({ tenant, runId, afterEvent, limit: pageRows });
    const last = rows.at(-1);
    if (last === undefined) return;
    afterEvent = last.row.event;
    yield* rows;
  }
}
