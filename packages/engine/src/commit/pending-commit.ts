import {
  type AttemptRow,
  type BlobRow,
  type CommitStamp,
  countEvents,
  type Durability,
  type JournalEntry,
  type JournalRow,
  type MarkRow,
  type RecordRow,
  type RunCommit,
  type RunOrigin,
  type RunProgress,
  type SnapshotRow,
  type StepDetail,
  type StepRow,
  sha256Hex,
  type TracedSpan,
  type WaitChanges,
} from "@agentflow/core";
import type { DurableMark } from "../journal/step-journal.ts";
import { blobThreshold } from "../state/delta.ts";
import type { StepTask } from "../step/step-task.ts";

/** A row before its commit gives it numbers. */
export type Unstamped<Row> = Omit<Row, keyof CommitStamp>;

type Writable<Row> = { -readonly [Key in keyof Row]: Row[Key] };

const none: readonly never[] = Object.freeze([]);

/** What a commit says beside its rows. */
export interface CommitBeside {
  readonly durability: Durability | undefined;
  /** Id of the newest inbox row that the run has read. */
  readonly inboxSeen: number;
  readonly waits: WaitChanges | undefined;
}

/** What a run has ready to commit. It fills until the group committer takes it, then it becomes one RunCommit (S4). */
export class PendingCommit implements DurableMark {
  // One of these is made per step of a sequential run: what is rarely used is made when it is.
  #steps: StepRow[] | undefined;
  #journal: JournalRow[] | undefined;
  #attempts: AttemptRow[] | undefined;
  #marks: MarkRow[] | undefined;
  #snapshots: SnapshotRow[] | undefined;
  /** How many rows the commit had when each snapshot was added. */
  #snapshotsAfter: number[] | undefined;
  #blobs: BlobRow[] | undefined;
  readonly #order: RecordRow[] = [];
  /** Record events of each member of `order`. */
  readonly #events: number[] = [];
  #entries: Map<StepTask, JournalEntry[]> | undefined;
  #onAccepted: (() => void)[] | undefined;
  #onDurable: (() => void)[] | undefined;
  #isDurable = false;
  /** Bytes of the deltas in it. */
  deltaBytes = 0;
  /** Monotonic milliseconds when it began to fill; 0 where nobody asks. */
  readonly since: number;
  /** From when it was taken until the store has answered; with tracing only. */
  span: TracedSpan | undefined;
  /** Present on the run's first commit. */
  create: RunCommit["create"];
  /** The run is given back with this commit. */
  release = false;

  constructor(since = 0) {
    this.since = since;
  }

  get isDurable(): boolean {
    return this.#isDurable;
  }

  /** True if this commit advances the run, which ends a series of recoveries (S10). */
  get advances(): boolean {
    return (this.#steps ?? this.#journal ?? this.#attempts ?? this.#entries) !== undefined;
  }

  get stepCount(): number {
    return this.#steps?.length ?? 0;
  }

  /** The committed rows in event order. */
  get records(): readonly RecordRow[] {
    return this.#order;
  }

  whenDurable(): Promise<void> {
    return new Promise((resolve) => this.afterwards(resolve));
  }

  /** Calls back once the run may go on from this commit (S5). */
  whenAccepted(callback: () => void): void {
    this.#onAccepted ??= [];
    this.#onAccepted.push(callback);
  }

  /** Calls back once this commit is durable. */
  afterwards(callback: () => void): void {
    this.#onDurable ??= [];
    this.#onDurable.push(callback);
  }

  /** To be called when the run may go on from this commit. */
  accept(): void {
    for (const callback of this.#onAccepted ?? none) callback();
  }

  /** To be called when the commit is durable: releases who waits for it. */
  settle(): void {
    this.#isDurable = true;
    for (const callback of this.#onDurable ?? none) callback();
  }

  /**
   * Adds a finished entry. Those of a flow are rows at once: their order among the outcomes of the steps that it calls is
   * the order in which its calls end, in each execution of its body (I5).
   */
  addEntry(task: StepTask, entry: JournalEntry): void {
    if (task.isFlow) {
      task.journal.mark = this;
      this.#tellEntry(task, entry);
      return;
    }
    this.#entries ??= new Map();
    const known = this.#entries.get(task);
    if (known === undefined) this.#entries.set(task, [entry]);
    else known.push(entry);
    task.journal.mark = this;
  }

  /** Adds a step's outcome; entries that were not yet taken commit inside its row (S8). Returns the row to seal. */
  addStep(
    task: StepTask,
    row: Unstamped<StepRow>,
    detail: StepDetail,
    blobs: readonly BlobRow[],
  ): Writable<StepRow> {
    const entries = this.#takeEntries(task);
    const stamped = row as Writable<StepRow>;
    this.#steps ??= [];
    this.#steps.push(stamped);
    this.#keep(blobs);
    const isPlain = entries === undefined && isEmptyObject(detail);
    if (!isPlain) stamped.detail = JSON.stringify(entries === undefined ? detail : { ...detail, entries });
    const events = isPlain
      ? row.opens
        ? 2
        : 1
      : countEvents("step", { ...detail, entries, opens: row.opens });
    this.#tell({ kind: "step", row: stamped }, events);
    return stamped;
  }

  addAttempt(task: StepTask, row: Omit<Unstamped<AttemptRow>, "entries">): void {
    const entries = this.#takeEntries(task);
    const stamped = {
      ...row,
      entries: entries === undefined ? undefined : JSON.stringify(entries),
    } as AttemptRow;
    this.#attempts ??= [];
    this.#attempts.push(stamped);
    const events = countEvents("attempt", { opens: row.opens, entries });
    this.#tell({ kind: "attempt", row: stamped }, events);
  }

  addMark(row: Unstamped<MarkRow>, blobs: readonly BlobRow[] = none): void {
    const stamped = row as MarkRow;
    this.#marks ??= [];
    this.#marks.push(stamped);
    this.#keep(blobs);
    this.#tell({ kind: "mark", row: stamped }, 1);
  }

  addSnapshot(row: Unstamped<SnapshotRow>, blobs: readonly BlobRow[]): void {
    this.#snapshots ??= [];
    this.#snapshots.push(row as SnapshotRow);
    this.#snapshotsAfter ??= [];
    this.#snapshotsAfter.push(this.#order.length);
    this.#keep(blobs);
  }

  /** Numbers everything and makes it one commit; `progress.events` is that before it. */
  build(run: RunOrigin, progress: RunProgress, beside: CommitBeside): RunCommit {
    const { durability, inboxSeen, waits } = beside;
    this.#flushEntries();
    const { seq, epoch } = progress;
    let event = progress.events + 1;
    for (let index = 0; index < this.#order.length; index++) {
      const row = this.#order[index]?.row as Writable<CommitStamp>;
      row.seq = seq;
      row.epoch = epoch;
      row.event = event;
      event += this.#events[index] ?? 0;
    }
    for (const [index, snapshot] of (this.#snapshots ?? none).entries()) {
      const after = this.#snapshotsAfter?.[index];
      const before = this.#events.slice(0, after).reduce((sum, events) => sum + events, 0);
      Object.assign(snapshot, { seq, epoch, event: progress.events + before });
    }
    const commit: Writable<RunCommit> = {
      tenant: run.tenant,
      runId: run.runId,
      expectedSeq: seq - 1,
      progress: { ...progress, events: event - 1 },
      inboxSeen,
      steps: this.#steps ?? none,
      journal: this.#journal ?? none,
      attempts: this.#attempts ?? none,
      marks: this.#marks ?? none,
      snapshots: this.#snapshots ?? none,
      blobs: this.#blobs ?? none,
    };
    if (this.create !== undefined) commit.create = this.create;
    if (durability !== undefined) commit.durability = durability;
    if (this.#onDurable !== undefined) commit.isAwaited = true;
    if (this.release) commit.release = true;
    if (waits !== undefined) commit.waits = waits;
    return commit;
  }

  #takeEntries(task: StepTask): JournalEntry[] | undefined {
    const entries = this.#entries?.get(task);
    if (entries === undefined) return undefined;
    this.#entries?.delete(task);
    return entries.map((entry) => this.#stored(entry));
  }

  /** Entries of steps that go on running become rows of their own. */
  #flushEntries(): void {
    if (this.#entries === undefined || this.#entries.size === 0) return;
    for (const [task, entries] of this.#entries) for (const entry of entries) this.#tellEntry(task, entry);
    this.#entries.clear();
  }

  #tellEntry(task: StepTask, entry: JournalEntry): void {
    const opens = task.takeOpening();
    const { scopePath: scope, superstep, ordinal, item } = task.place;
    const stored = this.#stored(entry);
    const { name: node } = task.node;
    const row = { scope, superstep, ordinal, node, item, opens, startedAt: entry.at, entry: stored };
    this.#journal ??= [];
    this.#journal.push(row as unknown as JournalRow);
    const events = countEvents("journal", { opens, entries: [stored] });
    this.#tell({ kind: "journal", row: row as unknown as JournalRow }, events);
  }

  #tell(record: RecordRow, events: number): void {
    this.#order.push(record);
    this.#events.push(events);
  }

  #keep(blobs: readonly BlobRow[]): void {
    if (blobs.length === 0) return;
    this.#blobs ??= [];
    for (const blob of blobs) this.#blobs.push(blob);
  }

  #stored(entry: JournalEntry): JournalEntry {
    if (entry.value.length < blobThreshold) return entry;
    const hash = sha256Hex(entry.value);
    this.#keep([{ hash, json: entry.value }]);
    return { ...entry, value: hash, ref: true };
  }
}

function isEmptyObject(value: object): boolean {
  for (const _key in value) return false;
  return true;
}
