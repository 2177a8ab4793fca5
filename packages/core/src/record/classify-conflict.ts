import { sha256Hex } from "../encoding/sha256.ts";
import { commitIdempotencyKey } from "../identity/idempotency-key.ts";
import { orderKey } from "../identity/order-key.ts";
import { formatStepId } from "../identity/step-id.ts";
import type { AttemptRow, JournalRow, MarkRow, Position, StepDetail, StepRow } from "./rows.ts";
import type { CommitResult, RunCommit } from "./run-commit.ts";
import type { RunHead } from "./run-head.ts";

/** What a store holds at the positions of a refused commit. A missing row is undefined. */
export interface StoredRows {
  step(position: Position): StepRow | undefined;
  journal(row: JournalRow): JournalRow | undefined;
  attempt(row: AttemptRow): AttemptRow | undefined;
  mark(event: number): MarkRow | undefined;
}

/**
 * Says why a commit that its fence or a primary key refused was refused (S4): `duplicate` when this very commit
 * is already stored under the same epoch, `violation` when one of its positions holds something else, `fenced`
 * when the run has moved on. Nothing of the commit has been applied.
 */
export function classifyConflict(
  commit: RunCommit,
  head: RunHead | undefined,
  stored: StoredRows,
): Exclude<CommitResult, { readonly kind: "committed" | "failed" }> {
  const fenced = { kind: "fenced", head } as const;
  if (head === undefined || head.epoch !== commit.progress.epoch) return fenced;
  if (commit.create !== undefined && !createdBy(commit, commit.create, head)) return fenced;
  let missing = head.seq < commit.progress.seq;
  for (const pair of pairsOf(commit, stored)) {
    if (pair.stored === undefined) missing = true;
    else if (pair.stored !== pair.offered) return { kind: "violation", ...pair, stored: pair.stored };
  }
  return missing ? fenced : { kind: "duplicate" };
}

/** The idempotency key of a committed or offered step outcome; a goto and blob references are part of its delta. */
export function stepIdempotencyKey(runId: string, row: StepRow): string {
  const item = row.item === -1 ? undefined : row.item;
  const { scope, superstep, ordinal, node } = row;
  return commitIdempotencyKey({
    runId,
    stepId: formatStepId({ scope, superstep, node, item }),
    orderKey: orderKey({
      scope,
      superstep,
      ordinal,
      firstPredecessorId: row.origin === "" ? null : row.origin,
      node,
      edge: row.origin === "" ? null : row.edge,
      item: item ?? null,
    }),
    deltaJson: row.detail === undefined ? row.delta : withDetail(row.delta, row.detail),
  });
}

type RunCreation = NonNullable<RunCommit["create"]>;

interface Pair {
  readonly position: string;
  readonly stored: string | undefined;
  readonly offered: string;
}

function* pairsOf(commit: RunCommit, stored: StoredRows): Generator<Pair> {
  for (const row of commit.steps) {
    const found = stored.step(row);
    yield {
      position: placeOf(row),
      stored: found && stepIdempotencyKey(commit.runId, found),
      offered: stepIdempotencyKey(commit.runId, row),
    };
  }
  for (const row of commit.journal) {
    const found = stored.journal(row);
    const position = `${placeOf(row)} journal ${row.entry.index}`;
    yield { position, stored: found && journalKey(found), offered: journalKey(row) };
  }
  for (const row of commit.attempts) {
    const found = stored.attempt(row);
    const position = `${placeOf(row)} round ${row.round} attempt ${row.attempt}`;
    yield { position, stored: found && attemptKey(found), offered: attemptKey(row) };
  }
  for (const row of commit.marks) {
    const found = stored.mark(row.event);
    yield { position: `event ${row.event}`, stored: found && markKey(found), offered: markKey(row) };
  }
}

/** A run id taken by another start is not a repeat of this one, even from equal input. */
function createdBy(commit: RunCommit, create: RunCreation, head: RunHead): boolean {
  const { origin } = create;
  const owner = commit.release === true ? undefined : create.owner;
  return (
    head.owner === owner &&
    head.workflow === origin.workflow &&
    head.version === origin.version &&
    head.fingerprint === origin.fingerprint &&
    head.seed === origin.seed &&
    head.input === origin.input &&
    head.createdAt === origin.createdAt
  );
}

function placeOf({ scope, superstep, ordinal }: Position): string {
  return `${scope === "" ? "" : `${scope}/`}${superstep}#${ordinal}`;
}

function withDetail(delta: string, detail: string): string {
  const { goto, refs } = JSON.parse(detail) as StepDetail;
  return goto === undefined && refs === undefined
    ? delta
    : JSON.stringify([delta, goto ?? null, refs ?? null]);
}

function journalKey({ node, item, entry }: JournalRow): string {
  const { kind, name, inputHash, nth, value } = entry;
  return sha256Hex(JSON.stringify([node, item, kind, name, inputHash, nth, value]));
}

function attemptKey({ node, item, outcome, failure }: AttemptRow): string {
  return sha256Hex(JSON.stringify([node, item, outcome, failure]));
}

function markKey({ type, data, state }: MarkRow): string {
  return sha256Hex(JSON.stringify([type, data, state]));
}
