import {
  type AttemptRow,
  formatStepId,
  type JournalEntry,
  type JournalRow,
  type ModelCall,
  type RecordRow,
  type RunHead,
  type RunStore,
  type StepDetail,
  type StepRow,
} from "@agentflow/core";
import type { LedgerEntry } from "./cost-totals.ts";

const pageRows = 1_000;
const pageRuns = 200;

/** Which runs the calls are read of. */
export interface LedgerQuery {
  readonly tenant: string;
  readonly runId?: string | undefined;
  readonly workflow?: string | undefined;
  /** Wall-clock milliseconds: only runs created after or before. */
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
}

/**
 * Every call of a model that the record of these runs holds, run by run, newest run first (MDL-4). It is read off the rows
 * that the calls were committed with: what a run has lost to a crash is not in it, and nothing is in it twice. The calls
 * that a fork took over are those of the run that was forked (S23).
 */
export async function* readLedger(runs: RunStore, query: LedgerQuery): AsyncGenerator<LedgerEntry, void> {
  for await (const head of headsOf(runs, query)) {
    let calls: LedgerEntry[] = [];
    for await (const record of recordsOf(runs, head)) {
      if (record.kind !== "mark") calls.push(...callsOf(head, record));
      else if (record.row.type === "run.forked") calls = [];
    }
    yield* calls;
  }
}

async function* headsOf(runs: RunStore, query: LedgerQuery): AsyncGenerator<RunHead, void> {
  const { tenant, runId, workflow, createdAfter, createdBefore } = query;
  if (runId !== undefined) {
    const head = await runs.readHead(tenant, runId);
    if (head !== undefined) yield head;
    return;
  }
  let after: string | undefined;
  for (;;) {
    const page = await runs.listRuns({
      tenant,
      limit: pageRuns,
      ...(workflow === undefined ? {} : { workflow }),
      ...(createdAfter === undefined ? {} : { createdAfter }),
      ...(createdBefore === undefined ? {} : { createdBefore }),
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.at(-1)?.runId;
    if (page.length < pageRuns) return;
  }
}

async function* recordsOf(runs: RunStore, { tenant, runId }: RunHead): AsyncGenerator<RecordRow, void> {
  for (let afterEvent = 0; ; ) {
    const rows = await runs.readRecords({ tenant, runId, afterEvent, limit: pageRows });
    const last = rows.at(-1);
    if (last === undefined) return;
    afterEvent = last.row.event;
    yield* rows;
  }
}

function* callsOf(head: RunHead, record: Exclude<RecordRow, { kind: "mark" }>): Generator<LedgerEntry, void> {
  const { tenant, runId, workflow } = head;
  for (const entry of entriesOf(record)) {
    if (entry.kind !== "model") continue;
    const call = JSON.parse(entry.value) as ModelCall;
    yield { tenant, runId, workflow, step: stepIdOf(record.row), node: record.row.node, at: entry.at, call };
  }
}

function stepIdOf({ scope, superstep, node, item }: JournalRow | AttemptRow | StepRow): string {
  return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
}

function entriesOf(record: Exclude<RecordRow, { kind: "mark" }>): readonly JournalEntry[] {
  switch (record.kind) {
    case "journal":
      return [record.row.entry];
    case "attempt":
      return JSON.parse(record.row.entries ?? "[]") as JournalEntry[];
    case "step":
      return (JSON.parse(record.row.detail ?? "{}") as StepDetail).entries ?? [];
  }
}
