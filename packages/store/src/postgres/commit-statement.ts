import type { RunCommit, SqlValue, WaitChanges } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import { waitKeyColumns, waitKeyValues } from "../rows/wait-values.ts";
import type { CommitUnit } from "../sql/commit-units.ts";
import {
  originColumns,
  originValues,
  progressColumns,
  progressValues,
  type RowKind,
  rowKinds,
  waitKind,
} from "../sql/row-kinds.ts";
import { isSynced } from "../store-durability.ts";
import { arrayLiteral } from "./array-literal.ts";

/** One statement and its parameters. */
export interface CommitStatement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** A list of rows that goes into the statement as one parameter per column: the value, or an array of several. */
interface Rows {
  readonly columns: readonly string[];
  readonly values: readonly (readonly SqlValue[])[];
}

/** Has the transaction it runs in synced before it is acknowledged, where the connection would not wait for that. */
export const syncedSql =
  "CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END";

const fenceColumns = [
  "member",
  "run_key",
  "expected_seq",
  "epoch",
  "released",
  "rests",
  "inbox_seen",
  ...progressColumns,
];
const createColumns = [
  "member",
  "run_key",
  "tenant",
  "run_id",
  "owner",
  "epoch",
  ...originColumns,
  ...progressColumns,
];

/**
 * The one statement that applies units of distinct runs (STO-4): it fences each head, then inserts the rows of those
 * that passed, and returns their places as `member`. Its text depends only on which lists hold none, one or more
 * rows, and on whether a member asks to be synced, so that a connection prepares few of them.
 */
export function commitStatement(units: readonly CommitUnit[]): CommitStatement {
  const next = rowsOf(fenceColumns, units, ({ create }) => create === undefined, fenceValues);
  const first = rowsOf(createColumns, units, ({ create }) => create !== undefined, createValues);
  const parts: string[] = [];
  const parameters: SqlValue[] = [];
  const list = (rows: Rows) => {
    const from = parameters.length;
    parameters.push(...columnsOf(rows));
    return rows.values.length === 1 ? row(rows.columns, from) : unnest(rows.columns, from);
  };
  const passed: string[] = [];
  if (next.values.length > 0) {
    parts.push(...fenceSql(list(next), next.values.length === 1));
    passed.push("SELECT member, rid, inbox FROM fenced");
  }
  if (first.values.length > 0) {
    parts.push(...createSql(list(first)));
    passed.push(
      "SELECT n.member, o.rid, 0::bigint AS inbox FROM news n JOIN origins o ON o.run_key = n.run_key",
    );
  }
  parts.push(`passed AS (${passed.join(" UNION ALL ")})`);
  for (const kind of rowKinds) {
    const rows = rowsOfEach(kind.columns, units, (commit) => kind.valuesOf(commit));
    if (rows.values.length > 0) parts.push(insertSql(kind, list(rows)));
  }
  parts.push(...waitParts(units, list));
  const synced = units.some(({ commit }) => isSynced(commit.durability)) ? `, ${syncedSql}` : "";
  return { sql: `WITH ${parts.join(",\n")}\nSELECT member, inbox${synced} FROM passed`, parameters };
}

function rowsOf(
  columns: readonly string[],
  units: readonly CommitUnit[],
  holds: (commit: RunCommit) => boolean,
  valuesOf: (commit: RunCommit) => readonly SqlValue[],
): Rows {
  const values: (readonly SqlValue[])[] = [];
  for (const [member, { commit }] of units.entries())
    if (holds(commit)) values.push([member, runKey(commit.tenant, commit.runId), ...valuesOf(commit)]);
  return { columns, values };
}

function rowsOfEach(
  columns: readonly string[],
  units: readonly CommitUnit[],
  valuesOf: RowKind["valuesOf"],
): Rows {
  const values: (readonly SqlValue[])[] = [];
  for (const [member, { commit }] of units.entries())
    for (const row of valuesOf(commit)) values.push([member, ...row]);
  return { columns: ["member", ...columns], values };
}

function fenceValues({ expectedSeq, progress, release, inboxSeen }: RunCommit): readonly SqlValue[] {
  const released = release === true ? 1 : 0;
  const rests = release === true && progress.status === "waiting" ? 1 : 0;
  const seen = inboxSeen ?? Number.MAX_SAFE_INTEGER;
  return [expectedSeq, progress.epoch, released, rests, seen, ...progressValues(progress)];
}

function createValues({ tenant, runId, create, progress, release }: RunCommit): readonly SqlValue[] {
  if (create === undefined) return [];
  const owner = release === true ? null : (create.owner ?? null);
  return [tenant, runId, owner, progress.epoch, ...originValues(create), ...progressValues(progress)];
}

function columnsOf({ columns, values }: Rows): readonly SqlValue[] {
  const [first] = values;
  if (first !== undefined && values.length === 1) return first;
  return columns.map((_, column) => arrayLiteral(values.map((each) => each[column] ?? null)));
}

function row(columns: readonly string[], from: number): string {
  const values = columns.map((column, index) => `$${from + index + 1}::${typeOf(column)}`);
  return `(VALUES (${values.join(", ")})) AS u(${columns.join(", ")})`;
}

function unnest(columns: readonly string[], from: number): string {
  const arrays = columns.map((column, index) => `$${from + index + 1}::${typeOf(column)}[]`);
  return `unnest(${arrays.join(", ")}) AS u(${columns.join(", ")})`;
}

/**
 * Each run is looked up by itself, and heads by a list of numbers: a join would let the planner read whole tables,
 * in a plan that was made while they were small. Several heads are locked in the order of their numbers first, so
 * that batches of two processes do not deadlock.
 */
function fenceSql(list: string, isOne: boolean): readonly string[] {
  const assignments = progressColumns
    .map((column) => (column === "wake_at" ? `wake_at = ${wakeAtSql}` : `${column} = u.${column}`))
    .join(", ");
  const update = `UPDATE af_runs r SET ${assignments},
      owner = CASE WHEN u.released = 1 THEN NULL ELSE r.owner END`;
  const passes = "r.seq = u.expected_seq AND r.epoch = u.epoch RETURNING u.member, r.rid, r.inbox";
  const rid = "(SELECT o.rid FROM af_origins o WHERE o.run_key = u.run_key)";
  if (isOne) return [`fenced AS (${update} FROM ${list} WHERE r.rid = ${rid} AND ${passes})`];
  return [
    `located AS MATERIALIZED (SELECT u.*, ${rid} AS rid FROM ${list})`,
    `locked AS MATERIALIZED (SELECT rid FROM af_runs
      WHERE rid = ANY (ARRAY(SELECT rid FROM located)) ORDER BY rid FOR UPDATE)`,
    `fenced AS (${update} FROM located u
      WHERE r.rid = ANY (ARRAY(SELECT rid FROM locked)) AND r.rid = u.rid AND ${passes})`,
  ];
}

/** See `wakeAtOf`. */
const wakeAtSql = `CASE WHEN u.rests = 1 AND r.inbox > u.inbox_seen
        THEN least(u.wake_at, u.updated_at) ELSE u.wake_at END`;

/** What the runs wait for. Rows that go are looked up by run, like heads. */
function waitParts(units: readonly CommitUnit[], list: (rows: Rows) => string): readonly string[] {
  if (!units.some(({ commit }) => commit.waits !== undefined)) return [];
  const parts: string[] = [];
  const changesOf = ({ waits = noChanges }: RunCommit): WaitChanges => waits;
  const begun = rowsOfEach(waitKind.columns, units, (commit) => waitKind.valuesOf(commit));
  if (begun.values.length > 0) parts.push(insertSql(waitKind, list(begun)));
  const ended = rowsOfEach(keyColumns, units, (commit) => changesOf(commit).ended.map(waitKeyValues));
  const none = rowsOfEach([], units, (commit) => (changesOf(commit).none === true ? [[]] : []));
  for (const rows of [ended, none]) {
    if (rows.values.length === 0) continue;
    const keys = rows.columns.slice(1).map((column) => ` AND w.${column} = u.${column}`);
    parts.push(`gone_${keys.length} AS (DELETE FROM af_waits w USING ${list(rows)} JOIN passed p ON p.member = u.member
      WHERE w.rid = ANY (ARRAY(SELECT rid FROM passed)) AND w.rid = p.rid${keys.join("")})`);
  }
  return parts;
}

const keyColumns = waitKeyColumns.split(", ");
const noChanges: WaitChanges = { begun: [], ended: [] };

function createSql(list: string): readonly string[] {
  const origin = ["run_key", "tenant", "run_id", ...originColumns].join(", ");
  const head = ["tenant", "owner", "epoch", "created_at", "workflow", ...progressColumns];
  return [
    `news AS MATERIALIZED (SELECT * FROM ${list})`,
    `origins AS (INSERT INTO af_origins (${origin}) SELECT ${origin} FROM news ORDER BY run_key
      ON CONFLICT (run_key) DO NOTHING RETURNING rid, run_key)`,
    `heads AS (INSERT INTO af_runs (rid, ${head.join(", ")})
      SELECT o.rid, ${head.map((column) => `n.${column}`).join(", ")}
      FROM news n JOIN origins o ON o.run_key = n.run_key)`,
  ];
}

function insertSql({ table, columns, whenThere }: RowKind, list: string): string {
  const selected = columns.map((column) => `u.${column}`).join(", ");
  return `new_${table} AS (INSERT INTO ${table} (rid, ${columns.join(", ")})
      SELECT p.rid, ${selected} FROM ${list} JOIN passed p ON p.member = u.member${conflictSql(columns, whenThere)})`;
}

function conflictSql(columns: readonly string[], whenThere: RowKind["whenThere"]): string {
  if (whenThere === undefined) return "";
  const { key, does } = whenThere;
  const on = ` ON CONFLICT (rid, ${key.join(", ")}) DO`;
  if (does === "keep") return `${on} NOTHING`;
  const others = columns.filter((column) => !key.includes(column));
  return `${on} UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(", ")}`;
}

const texts: ReadonlySet<string> = new Set(
  (
    "run_key tenant run_id owner status workflow version fingerprint seed labels input scope node origin delta detail seal " +
    "kind name input_hash value cache outcome failure entries type data state refs hash json topic queue"
  ).split(" "),
);

function typeOf(column: string): string {
  if (texts.has(column)) return "text";
  return column.endsWith("_ms") ? "float8" : "bigint";
}
