import type { RunPart } from "@agentflow/core";

/** A table of rows that belong to runs. */
export interface RunTable {
  readonly table: string;
  /** The primary key behind the run's number. */
  readonly key: string;
  /** Columns whose length counts as what a row holds. */
  readonly texts: readonly string[];
  /** Whether the rows go with the history, or only with the whole run. */
  readonly part: RunPart;
}

/** Every table of a run's rows but its head, in the order in which they are deleted; blobs have rules of their own. */
export const runTables: readonly RunTable[] = [
  {
    table: "af_steps",
    key: "scope, superstep, ordinal",
    texts: ["scope", "node", "origin", "delta", "detail", "seal"],
    part: "history",
  },
  {
    table: "af_journal",
    key: "scope, superstep, ordinal, entry, kind",
    texts: ["scope", "kind", "node", "name", "input_hash", "cache", "value"],
    part: "history",
  },
  {
    table: "af_attempts",
    key: "scope, superstep, ordinal, round, attempt",
    texts: ["scope", "node", "outcome", "failure", "entries"],
    part: "history",
  },
  {
    table: "af_snapshots",
    key: "scope, superstep",
    texts: ["scope", "refs", "seal", "state"],
    part: "history",
  },
  { table: "af_waits", key: "scope, superstep, ordinal, entry", texts: ["scope", "kind"], part: "history" },
  { table: "af_inbox", key: "id", texts: ["kind", "value", "sender"], part: "history" },
  { table: "af_queued", key: "queue", texts: ["queue", "topic"], part: "run" },
  { table: "af_marks", key: "event", texts: ["type", "data", "state", "refs"], part: "run" },
];

/** The blobs of runs: with the history go those that its marks and its input do not refer to. */
export const blobTable: RunTable = { table: "af_blobs", key: "hash", texts: ["hash", "json"], part: "run" };

/** What a run's two head rows hold. */
export const originTexts: readonly string[] = [
  "run_id",
  "workflow",
  "version",
  "fingerprint",
  "seed",
  "labels",
  "input",
];

/** The sum of the lengths of columns, in bytes; 0 over no rows. */
export function bytesOf(columns: readonly string[]): string {
  const lengths = columns.map((column) => `coalesce(octet_length(${column}), 0)`);
  return `coalesce(sum(${lengths.join(" + ")}), 0)`;
}

const hash = /[0-9a-f]{64}/g;

/** Every text in a row that may be the hash of a blob. Some may be none; none is missing. */
export function hashesIn(text: unknown): readonly string[] {
  return typeof text === "string" ? (text.match(hash) ?? []) : [];
}
