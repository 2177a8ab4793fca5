import type {
  AttemptRow,
  InboxRow,
  JournalRow,
  MarkRow,
  Position,
  RecordRow,
  RunCommit,
  RunHead,
  RunOrigin,
  RunProgress,
  SnapshotRow,
  StepRow,
  StoredRows,
} from "@agentflow/core";

/**
 * One run of the memory store. Boundary: knows rows, not tenants or results.
 * 1. A position is written once (I1); `apply` is only called after `holdsNone`.
 * 2. `records` is in event order; rows are frozen copies, so that nothing a caller keeps can change them.
 */
export class MemoryRun implements StoredRows {
  readonly origin: RunOrigin;
  readonly records: RecordRow[] = [];
  readonly inbox: InboxRow[] = [];
  progress: RunProgress;
  owner: string | undefined;
  readonly #steps = new Map<string, StepRow>();
  readonly #journal = new Map<string, JournalRow>();
  readonly #attempts = new Map<string, AttemptRow>();
  readonly #marks = new Map<number, MarkRow>();
  readonly #snapshots = new Map<string, SnapshotRow>();
  readonly #blobs = new Map<string, string>();

  constructor(origin: RunOrigin, owner: string | undefined, progress: RunProgress) {
    this.origin = Object.freeze({ ...origin });
    this.owner = owner;
    this.progress = progress;
  }

  get head(): RunHead {
    return Object.freeze({ ...this.origin, ...this.progress, owner: this.owner });
  }

  step(position: Position): StepRow | undefined {
    return this.#steps.get(positionKey(position));
  }

  journal(row: JournalRow): JournalRow | undefined {
    return this.#journal.get(journalKey(row));
  }

  attempt(row: AttemptRow): AttemptRow | undefined {
    return this.#attempts.get(attemptKey(row));
  }

  mark(event: number): MarkRow | undefined {
    return this.#marks.get(event);
  }

  blob(hash: string): string | undefined {
    return this.#blobs.get(hash);
  }

  /** True when every position that the commit writes is free. */
  holdsNone(commit: RunCommit): boolean {
    return (
      !commit.steps.some((row) => this.step(row)) &&
      !commit.journal.some((row) => this.journal(row)) &&
      !commit.attempts.some((row) => this.attempt(row)) &&
      !commit.marks.some((row) => this.mark(row.event))
    );
  }

  apply(commit: RunCommit): void {
    const added: RecordRow[] = [];
    for (const step of commit.steps) {
      const row = Object.freeze({ ...step });
      this.#steps.set(positionKey(row), row);
      added.push({ kind: "step", row });
    }
    for (const { entry, ...rest } of commit.journal) {
      const row = Object.freeze({ ...rest, entry: Object.freeze({ ...entry }) });
      this.#journal.set(journalKey(row), row);
      added.push({ kind: "journal", row });
    }
    for (const attempt of commit.attempts) {
      const row = Object.freeze({ ...attempt });
      this.#attempts.set(attemptKey(row), row);
      added.push({ kind: "attempt", row });
    }
    for (const mark of commit.marks) {
      const row = Object.freeze({ ...mark });
      this.#marks.set(row.event, row);
      added.push({ kind: "mark", row });
    }
    if (added.length > 1) added.sort((a, b) => a.row.event - b.row.event);
    for (const record of added) this.records.push(Object.freeze(record));
    for (const row of commit.snapshots)
      this.#snapshots.set(`${row.superstep} ${row.scope}`, Object.freeze({ ...row }));
    for (const { hash, json } of commit.blobs) this.#blobs.set(hash, json);
    this.progress = Object.freeze({ ...commit.progress });
    if (commit.release === true) this.owner = undefined;
  }

  snapshot(scope: string, upTo: number): SnapshotRow | undefined {
    let newest: SnapshotRow | undefined;
    for (const row of this.#snapshots.values()) {
      if (row.scope !== scope || row.superstep > upTo) continue;
      if (newest === undefined || row.superstep > newest.superstep) newest = row;
    }
    return newest;
  }

  steps(scope: string, above: number, upTo: number): StepRow[] {
    return inScope(this.#steps.values(), scope, above, upTo);
  }

  journalRows(scope: string, above: number, upTo: number): JournalRow[] {
    return inScope(this.#journal.values(), scope, above, upTo);
  }

  attempts(scope: string, above: number, upTo: number): AttemptRow[] {
    return inScope(this.#attempts.values(), scope, above, upTo);
  }
}

function inScope<Row extends Position & { readonly event: number }>(
  rows: Iterable<Row>,
  scope: string,
  above: number,
  upTo: number,
): Row[] {
  const found: Row[] = [];
  for (const row of rows) {
    if (row.scope === scope && row.superstep > above && row.superstep <= upTo) found.push(row);
  }
  return found.sort((a, b) => a.superstep - b.superstep || a.ordinal - b.ordinal || a.event - b.event);
}

// Numbers first: what follows them, the scope, may hold any character.
function positionKey({ scope, superstep, ordinal }: Position): string {
  return `${superstep} ${ordinal} ${scope}`;
}

function journalKey(row: JournalRow): string {
  return `${row.entry.index} ${row.entry.kind} ${positionKey(row)}`;
}

function attemptKey(row: AttemptRow): string {
  return `${row.round} ${row.attempt} ${positionKey(row)}`;
}
