import {
  type AttemptRow,
  type CommitResult,
  classifyConflict,
  type JournalRow,
  type MarkRow,
  type Position,
  type RunCommit,
  type StepRow,
} from "@agentflow/core";
import { attemptColumns, attemptFrom } from "../rows/attempt-values.ts";
import { runKey } from "../rows/identifiers.ts";
import { journalColumns, journalFrom } from "../rows/journal-values.ts";
import { markColumns, markFrom } from "../rows/mark-values.ts";
import { stepColumns, stepFrom } from "../rows/step-values.ts";
import { ofRun, readHead } from "./run-reader.ts";
import type { SqlSession } from "./sql-database.ts";

/** Reads what is stored at the positions of a refused commit and classifies it (S4); give it a snapshot. */
export async function refusalOf(session: SqlSession, commit: RunCommit): Promise<CommitResult> {
  const { tenant, runId } = commit;
  const run = runKey(tenant, runId);
  const steps = new Map<Position, StepRow>();
  const journal = new Map<JournalRow, JournalRow>();
  const attempts = new Map<AttemptRow, AttemptRow>();
  const marks = new Map<number, MarkRow>();
  for (const row of commit.steps) {
    const [values] = await session.rows(oneStepSql, run, ...placeOf(row));
    if (values !== undefined) steps.set(row, stepFrom(values));
  }
  for (const row of commit.journal) {
    const { index, kind } = row.entry;
    const [values] = await session.rows(oneJournalSql, run, ...placeOf(row), index, kind);
    if (values !== undefined) journal.set(row, journalFrom(values));
  }
  for (const row of commit.attempts) {
    const place = [...placeOf(row), row.round, row.attempt] as const;
    const [values] = await session.rows(oneAttemptSql, run, ...place);
    if (values !== undefined) attempts.set(row, attemptFrom(values));
  }
  for (const { event } of commit.marks) {
    const [values] = await session.rows(oneMarkSql, run, event);
    if (values !== undefined) marks.set(event, markFrom(values));
  }
  return classifyConflict(commit, await readHead(session, tenant, runId), {
    step: (row) => steps.get(row),
    journal: (row) => journal.get(row),
    attempt: (row) => attempts.get(row),
    mark: (event) => marks.get(event),
  });
}

function placeOf({ scope, superstep, ordinal }: Position) {
  return [scope, superstep, ordinal] as const;
}

const atPosition = `WHERE ${ofRun} AND scope = ? AND superstep = ? AND ordinal = ?`;
const oneStepSql = `SELECT ${stepColumns} FROM af_steps ${atPosition}`;
const oneJournalSql = `SELECT ${journalColumns} FROM af_journal ${atPosition} AND entry = ? AND kind = ?`;
const oneAttemptSql = `SELECT ${attemptColumns} FROM af_attempts ${atPosition} AND round = ? AND attempt = ?`;
const oneMarkSql = `SELECT ${markColumns} FROM af_marks WHERE ${ofRun} AND event = ?`;
