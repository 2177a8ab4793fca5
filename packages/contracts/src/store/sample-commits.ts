import type {
  AttemptRow,
  JournalEntry,
  JournalRow,
  MarkRow,
  RunCommit,
  RunOrigin,
  RunProgress,
  SnapshotRow,
  StepRow,
} from "@agentflow/core";

/** When the samples happen: a fixed time, in milliseconds. */
export const sampleTime = 1_790_000_000_000;

const noRows = { steps: [], journal: [], attempts: [], marks: [], snapshots: [], blobs: [] } as const;

/** Origin of a sample run. */
export function sampleOrigin(parts: Partial<RunOrigin> = {}): RunOrigin {
  return {
    tenant: "default",
    runId: "run-1",
    workflow: "research",
    version: "1",
    fingerprint: "f".repeat(64),
    seed: "seed",
    input: '{"question":"why"}',
    createdAt: sampleTime,
    labels: undefined,
    ...parts,
  };
}

/** Progress of a sample run after its commit `seq`. */
export function sampleProgress(parts: Partial<RunProgress> = {}): RunProgress {
  return {
    seq: 1,
    epoch: 1,
    events: 1,
    emittedSeq: 0,
    status: "running",
    recoveries: 0,
    round: 0,
    budgetMs: 0,
    steps: 0,
    updatedAt: sampleTime,
    wakeAt: undefined,
    ...parts,
  };
}

/** The first commit of a run: creates the head and marks its start as event 1. */
export function startCommit(
  origin: Partial<RunOrigin> = {},
  parts: { readonly owner?: string | undefined; readonly progress?: Partial<RunProgress> } = {},
): RunCommit {
  const full = sampleOrigin(origin);
  const owner = "owner" in parts ? parts.owner : "owner-1";
  return {
    ...noRows,
    tenant: full.tenant,
    runId: full.runId,
    expectedSeq: 0,
    progress: sampleProgress(parts.progress),
    create: { origin: full, owner, definition: '{"name":"research"}' },
    marks: [sampleMark()],
  };
}

/** What varies between sample commits after the first. */
export interface NextCommitParts extends Partial<Omit<RunCommit, "progress" | "create">> {
  readonly progress?: Partial<RunProgress>;
}

/** Commit `seq` of a run, without rows unless given. */
export function nextCommit(seq: number, parts: NextCommitParts = {}): RunCommit {
  return {
    ...noRows,
    tenant: "default",
    runId: "run-1",
    expectedSeq: seq - 1,
    ...parts,
    progress: sampleProgress({ seq, events: seq, steps: seq - 1, ...parts.progress }),
  };
}

/** A commit of one sequential step, the usual one: step `seq - 2` commits as `seq`. */
export function stepCommit(
  seq: number,
  parts: NextCommitParts & { readonly delta?: string } = {},
): RunCommit {
  const { delta = `{"n":${seq}}`, ...rest } = parts;
  const step = sampleStep({ superstep: seq - 2, seq, epoch: rest.progress?.epoch ?? 1, event: seq, delta });
  return nextCommit(seq, { steps: [step], ...rest });
}

/** A step row at superstep 0, ordinal 0 of the root scope. */
export function sampleStep(parts: Partial<StepRow> = {}): StepRow {
  return {
    scope: "",
    superstep: 0,
    ordinal: 0,
    seq: 2,
    epoch: 1,
    event: 2,
    node: "read",
    item: -1,
    origin: "",
    edge: 0,
    attempt: 1,
    opens: true,
    startedAt: sampleTime,
    durationMs: 2.5,
    delta: '{"n":1}',
    detail: undefined,
    seal: '{"frontier":[{"edge":0,"node":"read","origin":"0.read"}]}',
    ...parts,
  };
}

/** A journal entry of an io call. */
export function sampleEntry(parts: Partial<JournalEntry> = {}): JournalEntry {
  return {
    index: 0,
    kind: "io",
    name: "fetch",
    inputHash: "a".repeat(64),
    nth: 0,
    attempt: 1,
    value: '"body"',
    at: sampleTime,
    durationMs: 3,
    ...parts,
  };
}

/** A journal row at superstep 0, ordinal 0 of the root scope. */
export function sampleJournal(parts: Partial<JournalRow> = {}): JournalRow {
  return {
    scope: "",
    superstep: 0,
    ordinal: 0,
    seq: 2,
    epoch: 1,
    event: 2,
    node: "read",
    item: -1,
    opens: true,
    startedAt: sampleTime,
    entry: sampleEntry(),
    ...parts,
  };
}

/** A failed attempt at superstep 0, ordinal 0 of the root scope. */
export function sampleAttempt(parts: Partial<AttemptRow> = {}): AttemptRow {
  return {
    scope: "",
    superstep: 0,
    ordinal: 0,
    seq: 2,
    epoch: 1,
    event: 2,
    node: "read",
    item: -1,
    attempt: 1,
    round: 0,
    opens: true,
    outcome: "failed",
    failure: '{"code":"AF_THROWN","message":"no"}',
    nextAt: sampleTime + 1_000,
    entries: undefined,
    startedAt: sampleTime,
    durationMs: 4,
    ...parts,
  };
}

/** A mark: the start of a run unless told otherwise. */
export function sampleMark(parts: Partial<MarkRow> = {}): MarkRow {
  return {
    seq: 1,
    epoch: 1,
    event: 1,
    type: "run.started",
    at: sampleTime,
    data: undefined,
    state: undefined,
    refs: undefined,
    ...parts,
  };
}

/** A snapshot of the root scope after superstep 0. */
export function sampleSnapshot(parts: Partial<SnapshotRow> = {}): SnapshotRow {
  return {
    scope: "",
    superstep: 0,
    seq: 2,
    epoch: 1,
    event: 2,
    state: '{"n":1}',
    refs: undefined,
    seal: '{"frontier":[]}',
    ...parts,
  };
}
