import {
  CursorError,
  eventCount,
  eventsOf,
  type JsonObject,
  type LiveEvent,
  type RecordEvent,
  type RecordRow,
  type RunHead,
  type RunStore,
  requireHistory,
  type StepDetail,
  type StepRow,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { requireWhole } from "../inspect/read-whole.ts";
import { Blobs } from "../resume/blobs.ts";
import { type ReachedState, StateFollower } from "./state-follower.ts";
import {
  type NestedValue,
  type PlaceInStream,
  ranks,
  type StateValue,
  type StepDelta,
  type StreamRequest,
} from "./stream-options.ts";

/** What is read off committed rows. */
export type RecordItem = RecordEvent | StepDelta | StateValue | NestedValue;

/** Where the rows of a stream are. */
export interface RecordSource {
  readonly head: RunHead;
  readonly runs: RunStore;
  /** Needed for values alone. */
  readonly workflow: CompiledWorkflow | undefined;
}

const pageRows = 256;

/**
 * What one reader gets of the rows of a run, from the store and in order (S6, S7).
 *
 * 1. Nothing is lost and nothing comes twice, however slow the reader is: rows are read a page at a time.
 * 2. A seq that the reader has under an older epoch than the store is taken back: `truncated` says after which seq, and
 *    what replaced the rest follows.
 */
export class RecordItems {
  readonly #request: StreamRequest;
  readonly #source: RecordSource;
  #place: PlaceInStream;
  #rows: readonly RecordRow[] = [];
  #nextRow = 0;
  /** Read on above this event, which ended a row. */
  #rowsAfter = 0;
  #items: { readonly item: RecordItem | LiveEvent; readonly place: PlaceInStream }[] = [];
  #follower: StateFollower | undefined;

  constructor(request: StreamRequest, source: RecordSource) {
    this.#request = request;
    this.#source = source;
    this.#place = request.place;
  }

  /** `seq` up to which the reader has everything. */
  get seq(): number {
    return this.#place.seq;
  }

  /** Finds the place to read from. Rejects with CursorError, HistoryRemovedError, and for values VersionMismatchError. */
  async open(): Promise<void> {
    const { head } = this.#source;
    const { epoch } = this.#place;
    const isReplaced = epoch > 0 && epoch < head.epoch && (await this.#truncate(this.#place));
    if (!isReplaced) checkCursor(head, this.#place);
    // The mark of its end is left.
    if (this.#place.seq < head.events - 1 || this.#needsStates) requireHistory(head);
    await this.#seek();
  }

  /** The next item of the rows that were read, in order; undefined if all of them are shown. */
  async next(): Promise<RecordItem | LiveEvent | undefined> {
    for (;;) {
      const next = this.#items.shift();
      if (next !== undefined) {
        this.#place = next.place;
        return next.item;
      }
      const row = this.#rows[this.#nextRow];
      if (row === undefined) return undefined;
      if (await this.#isReplaced(row)) continue;
      this.#nextRow++;
      await this.#expand(row);
    }
  }

  /** Reads the rows that follow; false if there are none. */
  async load(): Promise<boolean> {
    const { head, runs } = this.#source;
    const { tenant, runId } = head;
    this.#rows = await runs.readRecords({ tenant, runId, afterEvent: this.#rowsAfter, limit: pageRows });
    this.#nextRow = 0;
    return this.#rows.length > 0;
  }

  /** Rejects if rows that were there when the stream was opened have been removed since (S24). */
  async checkWhole(): Promise<void> {
    const { head, runs } = this.#source;
    if (this.#place.seq < head.events) await requireWhole(head, runs);
  }

  get #needsStates(): boolean {
    return this.#request.modes.has("values");
  }

  async #seek(): Promise<void> {
    const { head, runs, workflow } = this.#source;
    this.#rows = [];
    this.#nextRow = 0;
    if (this.#needsStates && workflow !== undefined)
      this.#follower = await StateFollower.open(head, workflow, runs);
    // A state is the fold of everything before it (I2).
    this.#rowsAfter = this.#needsStates ? 0 : await this.#belowRowOf(Math.max(1, this.#place.seq));
  }

  /** An event number below the row that holds an event: a row may give several. */
  async #belowRowOf(seq: number): Promise<number> {
    const { head, runs } = this.#source;
    const { tenant, runId } = head;
    for (let back = 8; back < seq; back *= 8) {
      const [first] = await runs.readRecords({ tenant, runId, afterEvent: seq - back, limit: 1 });
      if (first !== undefined && first.row.event <= seq) return seq - back;
    }
    return 0;
  }

  async #isReplaced(row: RecordRow): Promise<boolean> {
    const { epoch, seq } = this.#place;
    const isNewer = epoch > 0 && row.row.epoch > epoch && row.row.event > seq;
    if (!isNewer || !(await this.#truncate(this.#place))) return false;
    await this.#seek();
    return true;
  }

  /** Takes back what a newer epoch has replaced; false if everything up to this place stands. */
  async #truncate(place: PlaceInStream): Promise<boolean> {
    const { head, runs } = this.#source;
    const { tenant, runId } = head;
    const [row] = (await this.#rowsFrom(await this.#belowRowOf(place.seq))).filter(
      (found) => found.row.event + eventCount(found) > place.seq,
    );
    if (row !== undefined && row.row.epoch <= place.epoch) return false;
    for (let afterEvent = 0; ; ) {
      const rows = await runs.readRecords({ tenant, runId, afterEvent, limit: pageRows });
      const last = rows.at(-1);
      if (last === undefined) return false;
      afterEvent = last.row.event;
      const first = rows.find((found) => found.row.epoch > place.epoch);
      if (first === undefined) continue;
      if (first.row.event > place.seq) return false;
      const after = first.row.event - 1;
      const [replacing] = eventsOf(first, { runId });
      const item: LiveEvent = { ts: replacing?.ts ?? "", runId, type: "truncated", data: { after } };
      this.#place = { seq: after, epoch: 0, rank: ranks.value };
      this.#items = [{ item, place: this.#place }];
      return true;
    }
  }

  #rowsFrom(afterEvent: number): Promise<readonly RecordRow[]> {
    const { tenant, runId } = this.#source.head;
    return this.#source.runs.readRecords({ tenant, runId, afterEvent, limit: pageRows });
  }

  async #expand(record: RecordRow): Promise<void> {
    const { head, runs } = this.#source;
    const { row } = record;
    const { epoch } = row;
    // Events are dense (I4), unless what lay between was removed while this was reading.
    if (row.event > Math.max(this.#rowsAfter, this.#place.seq) + 1) await requireWhole(head, runs);
    const seq = row.event + eventCount(record) - 1;
    this.#rowsAfter = seq;
    const { modes } = this.#request;
    if (modes.has("events")) {
      for (const event of eventsOf(record, head))
        this.#add(event, { seq: event.seq, epoch, rank: ranks.event });
    }
    if (modes.has("deltas") && record.kind === "step")
      this.#add(await this.#deltaAt(record.row, seq), { seq, epoch, rank: ranks.delta });
    const reached = await this.#follower?.apply(record);
    if (reached !== undefined)
      this.#add(this.#valueAt(record, seq, reached), { seq, epoch, rank: ranks.value });
    if (this.#items.length === 0) this.#pass({ seq, epoch, rank: ranks.value });
  }

  #valueAt(
    { kind, row }: RecordRow,
    seq: number,
    { scope, superstep, view }: ReachedState,
  ): StateValue | NestedValue {
    const { runId } = this.#source.head;
    const step = kind === "step" ? Blobs.stepIdOf(row) : scope;
    // A plain object, so that it prints, spreads and compares like any other.
    const reached = { runId, seq, epoch: row.epoch, step, superstep, state: Object.freeze({ ...view }) };
    return scope === "" ? { type: "value", ...reached } : { type: "nestedValue", scope, ...reached };
  }

  async #deltaAt(row: StepRow, seq: number): Promise<StepDelta> {
    const { runId } = this.#source.head;
    const delta = await this.#deltaOf(row);
    return { type: "delta", runId, seq, epoch: row.epoch, step: Blobs.stepIdOf(row), delta };
  }

  async #deltaOf(row: StepRow): Promise<JsonObject> {
    const detail = row.detail === undefined ? {} : (JSON.parse(row.detail) as StepDetail);
    if (detail.refs === undefined) return JSON.parse(row.delta) as JsonObject;
    const { head, runs } = this.#source;
    const hashes = Object.values(detail.refs);
    const blobs = new Blobs(await runs.readBlobs(head.tenant, head.runId, hashes));
    return blobs.join(row.delta, detail.refs);
  }

  #add(item: RecordItem, place: PlaceInStream): void {
    if (isAbove(place, this.#place)) this.#items.push({ item, place });
  }

  /** Nothing of a row is wanted: the reader has it all the same. */
  #pass(place: PlaceInStream): void {
    if (isAbove(place, this.#place)) this.#place = place;
  }
}

function isAbove(place: PlaceInStream, other: PlaceInStream): boolean {
  return place.seq > other.seq || (place.seq === other.seq && place.rank > other.rank);
}

function checkCursor(head: RunHead, { seq, epoch }: PlaceInStream): void {
  const context = { after: seq, head: head.events };
  if (seq > head.events)
    throw new CursorError(`Event ${seq} is past the last event ${head.events} of the run.`, { context });
  if (epoch > head.epoch) {
    const message = `Event ${seq} is of epoch ${epoch}, which the run has not reached: it is at ${head.epoch}.`;
    throw new CursorError(message, { context: { ...context, epoch } });
  }
}
