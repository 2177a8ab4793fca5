import type {
  AttemptRow,
  Footprint,
  InboxRow,
  JournalRow,
  MarkRow,
  Position,
  QueuePlace,
  RecordRow,
  RunCommit,
  RunHead,
  RunOrigin,
  RunPart,
  RunProgress,
  SnapshotRow,
  StepRow,
  StoredRows,
} from "@agentflow/core";
import { hashesIn } from "../retention/run-tables.ts";
import { wakeAtOf } from "../rows/wake-at.ts";
import { WaitRows } from "./wait-rows.ts";

/** Which batch claimed a run, as it was at a seq, and when that was exported. */
export interface ExportMark {
  readonly seq: number;
  readonly batch: string;
  readonly claimedAt: number;
  readonly exportedAt: number | undefined;
}

/** Whether an export has taken a run as it is. */
export function isExported({ exportMark, progress }: MemoryRun): boolean {
  return exportMark?.exportedAt !== undefined && exportMark.seq === progress.seq;
}

/**
 * One run of the memory store. Boundary: knows rows, not tenants or results.
 * 1. A position is written once (I1); `apply` is only called after `holdsNone`.
 * 2. `records` is in event order; rows are frozen copies, so that nothing a caller keeps can change them.
 */
export class MemoryRun implements StoredRows {
  /** Grows from run to run of a store. */
  readonly number: number;
  readonly origin: RunOrigin;
  readonly records: RecordRow[] = [];
  readonly inbox: InboxRow[] = [];
  readonly waits = new WaitRows();
  progress: RunProgress;
  owner: string | undefined;
  historyRemovedAt: number | undefined;
  exportMark: ExportMark | undefined;
  /** Its place in a queue, and whether it counts there no more, because it has ended. */
  place: QueuePlace | undefined;
  hasLeftQueue = false;
  readonly #steps = new Map<string, StepRow>();
  readonly #journal = new Map<string, JournalRow>();
  readonly #attempts = new Map<string, AttemptRow>();
  readonly #marks = new Map<number, MarkRow>();
  readonly #snapshots = new Map<string, SnapshotRow>();
  readonly #blobs = new Map<string, string>();

  constructor(number: number, origin: RunOrigin, owner: string | undefined, progress: RunProgress) {
    this.number = number;
    this.origin = Object.freeze({ ...origin });
    this.owner = owner;
    this.progress = progress;
  }

  get head(): RunHead {
    const { origin, progress, owner, historyRemovedAt } = this;
    return Object.freeze({ ...origin, ...progress, owner, historyRemovedAt });
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
    this.progress = Object.freeze({ ...commit.progress, wakeAt: wakeAtOf(commit, this.inbox.length) });
    if (commit.release === true) this.owner = undefined;
    if (commit.waits !== undefined) this.waits.change(commit.waits);
  }

  snapshot(scope: string, upTo: number): SnapshotRow | undefined {
    let newest: SnapshotRow | undefined;
    for (const row of this.#snapshots.values()) {
      if (row.scope !== scope || row.superstep > upTo) continue;
      if (newest === undefined || row.superstep > newest.superstep) newest = row;
    }
    return newest;
  }

  /** Removes the redundant snapshots that were followed before a time, and the blobs that nothing refers to then. */
  removeSnapshots(supersededBefore: number, dryRun: boolean) {
    const keys = this.#redundantSnapshots(supersededBefore);
    const going = new Set(keys);
    const blobs = going.size === 0 ? [] : this.#unreferenced(going, () => true);
    const texts = [...going].flatMap((key) => {
      const row = this.#snapshots.get(key);
      return [row?.state, row?.seal, row?.refs];
    });
    const sizeBytes = bytesOf(texts) + this.#blobBytes(blobs);
    if (!dryRun) {
      for (const key of keys) this.#snapshots.delete(key);
      for (const hash of blobs) this.#blobs.delete(hash);
    }
    return { snapshots: keys.length, blobs: blobs.length, sizeBytes };
  }

  /** What the run, or its history, takes. */
  footprint(part: RunPart): Footprint {
    const history: readonly object[] = [
      ...this.#steps.values(),
      ...this.#journal.values(),
      ...this.#attempts.values(),
      ...this.#snapshots.values(),
      ...this.waits.all,
      ...this.inbox,
    ];
    const blobs = part === "run" ? [...this.#blobs.keys()] : this.#unreferenced(new Set(), isMark);
    const rows: readonly object[] =
      part === "run" ? [...history, ...this.#marks.values(), this.origin, this.progress] : history;
    const sizeBytes = rows.reduce((sum: number, row) => sum + bytesOf(Object.values(row)), 0);
    return { rows: rows.length + blobs.length, sizeBytes: sizeBytes + this.#blobBytes(blobs) };
  }

  /** Every hash in what binds artifacts. */
  boundHashes(): readonly string[] {
    const details = [...this.#steps.values()].map(({ detail }) => detail);
    const seals = [...this.#snapshots.values()].map(({ seal }) => seal);
    return [...details, ...seals].flatMap(hashesIn);
  }

  /** Keeps the head, the marks and what these refer to. */
  removeHistory(at: number): void {
    for (const hash of this.#unreferenced(new Set(), isMark)) this.#blobs.delete(hash);
    for (const rows of [this.#steps, this.#journal, this.#attempts, this.#snapshots]) rows.clear();
    this.waits.change({ begun: [], ended: [], none: true });
    this.inbox.length = 0;
    this.records.splice(0, this.records.length, ...this.records.filter(({ kind }) => kind === "mark"));
    this.historyRemovedAt = at;
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

  /** Keys of snapshots that the rows make needless, and that a newer one followed before a time. */
  #redundantSnapshots(supersededBefore: number): readonly string[] {
    const sealing = (row: SnapshotRow): StepRow | undefined =>
      this.steps(row.scope, row.superstep - 1, row.superstep).find(
        ({ seq, seal }) => seq === row.seq && seal !== undefined,
      );
    const isFollowed = (row: SnapshotRow): boolean =>
      [...this.#snapshots.values()].some(
        (newer) =>
          newer.scope === row.scope &&
          newer.superstep > row.superstep &&
          (supersededBefore === Infinity || (sealing(newer)?.startedAt ?? Infinity) < supersededBefore),
      );
    return [...this.#snapshots]
      .filter(([, row]) => sealing(row) !== undefined && isFollowed(row))
      .map(([key]) => key);
  }

  /** Hashes of blobs that no reference of these kinds names, snapshots that go aside. */
  #unreferenced(going: ReadonlySet<string>, counts: (reference: Reference) => boolean): readonly string[] {
    const unreferenced = new Set(this.#blobs.keys());
    for (const reference of this.#references(going)) {
      if (!counts(reference)) continue;
      for (const hash of hashesIn(reference.text)) unreferenced.delete(hash);
    }
    return [...unreferenced];
  }

  *#references(going: ReadonlySet<string>): Generator<Reference> {
    yield { kind: "input", text: this.origin.input };
    for (const { detail } of this.#steps.values()) yield { kind: "step", text: detail };
    for (const { entry } of this.#journal.values()) yield { kind: "journal", text: entry.value };
    for (const { entries } of this.#attempts.values()) yield { kind: "attempt", text: entries };
    for (const { refs } of this.#marks.values()) yield { kind: "mark", text: refs };
    for (const [key, { refs }] of this.#snapshots)
      if (!going.has(key)) yield { kind: "snapshot", text: refs };
  }

  #blobBytes(hashes: readonly string[]): number {
    return hashes.reduce((sum, hash) => sum + bytesOf([hash, this.#blobs.get(hash)]), 0);
  }
}

/** A text of a row, and the kind of row it stands in. */
interface Reference {
  readonly kind: RecordRow["kind"] | "input" | "snapshot";
  readonly text: string | undefined;
}

function isMark({ kind }: Reference): boolean {
  return kind === "mark" || kind === "input";
}

function bytesOf(values: readonly unknown[]): number {
  return values.reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? Buffer.byteLength(value) : 0),
    0,
  );
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
