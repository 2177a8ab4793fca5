import type { RunCommit, RunProgress, SqlValue } from "@agentflow/core";
import { attemptColumns, attemptValues } from "../rows/attempt-values.ts";
import { journalColumns, journalValues } from "../rows/journal-values.ts";
import { markColumns, markValues, snapshotColumns, snapshotValues } from "../rows/mark-values.ts";
import { queuedColumns, queuedValues } from "../rows/queued-values.ts";
import { stepColumns, stepValues } from "../rows/step-values.ts";
import { waitColumns, waitKeyColumns, waitValues } from "../rows/wait-values.ts";

/** A table that commits insert rows into, without the run number, which is its first column. */
export interface RowKind {
  readonly table: string;
  readonly columns: readonly string[];
  /** What to do with a row that has the same key; absent: the commit is refused. */
  readonly whenThere?: { readonly key: readonly string[]; readonly does: "replace" | "keep" };
  valuesOf(commit: RunCommit): readonly (readonly SqlValue[])[];
}

/** Every table of a run's rows. */
export const rowKinds: readonly RowKind[] = [
  {
    table: "af_steps",
    columns: stepColumns.split(", "),
    valuesOf: ({ steps }) => steps.map(stepValues),
  },
  {
    table: "af_journal",
    columns: journalColumns.split(", "),
    valuesOf: ({ journal }) => journal.map(journalValues),
  },
  {
    table: "af_attempts",
    columns: attemptColumns.split(", "),
    valuesOf: ({ attempts }) => attempts.map(attemptValues),
  },
  {
    table: "af_marks",
    columns: markColumns.split(", "),
    valuesOf: ({ marks }) => marks.map(markValues),
  },
  {
    table: "af_snapshots",
    columns: snapshotColumns.split(", "),
    // A migration replaces the snapshot of its seal; any other is written again with the same content.
    whenThere: { key: ["scope", "superstep"], does: "replace" },
    valuesOf: ({ snapshots }) => snapshots.map(snapshotValues),
  },
  {
    table: "af_blobs",
    columns: ["hash", "json"],
    // A blob is determined by its hash: writing it again changes nothing.
    whenThere: { key: ["hash"], does: "keep" },
    valuesOf: ({ blobs }) => blobs.map(({ hash, json }) => [hash, json]),
  },
  {
    table: "af_queued",
    columns: queuedColumns.split(", "),
    valuesOf: ({ tenant, create }) =>
      create?.queued === undefined ? [] : [queuedValues(tenant, create.queued)],
  },
];

/** The waits that begin with a commit; those that end are no rows of it. */
export const waitKind: RowKind = {
  table: "af_waits",
  columns: ["tenant", ...waitColumns.split(", ")],
  whenThere: { key: waitKeyColumns.split(", "), does: "replace" },
  valuesOf: ({ tenant, waits }) => (waits?.begun ?? []).map((row) => [tenant, ...waitValues(row)]),
};

/** Columns of a head that commits change, in the order of {@link progressValues}. */
export const progressColumns: readonly string[] = [
  "seq",
  "events",
  "emitted_seq",
  "status",
  "recoveries",
  "round",
  "budget_ms",
  "steps",
  "updated_at",
  "wake_at",
];

/** The values of a head's progress in column order. */
export function progressValues(progress: RunProgress): readonly SqlValue[] {
  return [
    progress.seq,
    progress.events,
    progress.emittedSeq,
    progress.status,
    progress.recoveries,
    progress.round,
    progress.budgetMs,
    progress.steps,
    progress.updatedAt,
    progress.wakeAt ?? null,
  ];
}

/** Columns of an origin behind tenant and run id, in the order of {@link originValues}. */
export const originColumns: readonly string[] = [
  "workflow",
  "version",
  "fingerprint",
  "seed",
  "created_at",
  "labels",
  "input",
];

/** The values of a run's origin in column order. */
export function originValues({ origin }: NonNullable<RunCommit["create"]>): readonly SqlValue[] {
  const { workflow, version, fingerprint, seed, createdAt, labels, input } = origin;
  return [workflow, version, fingerprint, seed, createdAt, labels ?? null, input];
}
