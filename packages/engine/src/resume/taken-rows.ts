import type { InboxRow, JournalEntry, RecordRow, RunStore, StepDetail } from "@agentflow/core";
import { Blobs } from "./blobs.ts";
import { readAllRecords } from "./read-all-records.ts";

/**
 * Ids of the inbox rows that a run has acted on: events that steps took, and pauses it obeyed. The inbox keeps them; only
 * the run's record knows (S13).
 */
export async function takenRows(
  run: { readonly tenant: string; readonly runId: string },
  inbox: readonly InboxRow[],
  runs: RunStore,
): Promise<Set<number>> {
  const taken = new Set<number>();
  if (!inbox.some((row) => row.kind === "event" || row.kind === "pause")) return taken;
  for await (const record of readAllRecords(run, runs)) {
    // What lies before is the record of another run, with an inbox of its own (S23).
    if (record.kind === "mark" && record.row.type === "run.forked") taken.clear();
    const events = eventsIn(record);
    const hashes = events.filter(hasOldForm).map((entry) => entry.value);
    const blobs = new Blobs(
      hashes.length === 0 ? new Map() : await runs.readBlobs(run.tenant, run.runId, hashes),
    );
    for (const entry of events) taken.add(entry.inbox ?? inboxIn(blobs.entry(entry)));
    const obeyed = pauseIn(record);
    for (const row of inbox) if (row.kind === "pause" && row.id <= obeyed) taken.add(row.id);
  }
  return taken;
}

/** Entries of version 0.1.0 had the number inside their value, which may be a blob. */
function hasOldForm({ inbox, ref }: JournalEntry): boolean {
  return inbox === undefined && ref === true;
}

function inboxIn({ value }: JournalEntry): number {
  return (JSON.parse(value) as { inbox?: number }).inbox ?? 0;
}

const pauses: ReadonlySet<string> = new Set(["run.paused", "run.resumed"]);

function eventsIn(record: RecordRow): readonly JournalEntry[] {
  return entriesIn(record).filter((entry) => entry.kind === "event");
}

function entriesIn(record: RecordRow): readonly JournalEntry[] {
  switch (record.kind) {
    case "mark":
      return [];
    case "journal":
      return [record.row.entry];
    case "attempt":
      return record.row.entries === undefined ? [] : (JSON.parse(record.row.entries) as JournalEntry[]);
    case "step":
      return record.row.detail === undefined
        ? []
        : ((JSON.parse(record.row.detail) as StepDetail).entries ?? []);
  }
}

/** The newest pause that the run had read when it paused, or was over when it was resumed; 0 for none. */
function pauseIn(record: RecordRow): number {
  if (record.kind !== "mark" || !pauses.has(record.row.type) || record.row.data === undefined) return 0;
  return (JSON.parse(record.row.data) as { inbox?: number }).inbox ?? 0;
}
