import {
  CrashLoopError,
  type InboxRow,
  type RestedRun,
  type RunHead,
  RunStatusError,
  type RunStore,
  type Seal,
  type WorkflowLimits,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { Owner } from "../ownership/owner.ts";
import { checkPauses, type PauseOptions, StaticPauses } from "../people/static-pauses.ts";
import { checkRunDurability } from "../run/run-durability.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import { RunExecution, type RunParts } from "../run/run-execution.ts";
import { originOf, progressOf } from "../run/run-progress.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import { readStartedWith, startedWith } from "../run/started-with.ts";
import { mayCompensate, readCompensation, type StoredCompensation } from "../saga/compensation.ts";
import { checkVersion, compareVersion, type VersionVerdict } from "./check-version.ts";
import { readStored, restoreStored, type StoredScope } from "./load-scope.ts";
import { migrateRun } from "./migrate-run.ts";
import { readAllRecords } from "./read-all-records.ts";
import { readInput } from "./read-input.ts";
import { takenRows } from "./taken-rows.ts";

/** How a stored run is to go on. */
export interface ResumeRequest {
  readonly head: RunHead;
  readonly workflow: CompiledWorkflow;
  /** What wins over the limits that the run was started with. */
  readonly limits: WorkflowLimits | undefined;
  readonly pauses: PauseOptions;
  readonly allowVersionMismatch: boolean;
  /** The run as this process has taken it already, after a rest. */
  readonly rested?: RestedRun | undefined;
  /** Hears of the run before anything of it is committed; may throw to refuse it. */
  readonly adopt: (run: RunExecution) => void;
}

/** A run that was restored and not yet started. */
export interface OpenedRun {
  readonly run: RunExecution;
  /** Id of the newest inbox row whose pause is over. */
  readonly pausesOver: number;
  /** What its inbox held when it was taken; undefined: that was not read. */
  readonly inbox: readonly InboxRow[] | undefined;
}

/**
 * Takes a stored run and restores it (S10, S19, S20). Rejects with VersionMismatchError, RunStatusError, RunOwnedError
 * or, on a store that cannot keep the run's durability, CapabilityError before anything changes; a run in a crash loop is
 * failed instead of started. One that was taken already is given back. The caller starts it.
 */
export async function openRun(
  request: ResumeRequest,
  owner: Owner,
  environment: RunEnvironment,
): Promise<OpenedRun> {
  try {
    return await open(request, owner, environment);
  } catch (error) {
    if (request.rested !== undefined) await owner.release(request.rested.head);
    throw error;
  }
}

async function open(request: ResumeRequest, owner: Owner, environment: RunEnvironment): Promise<OpenedRun> {
  const { workflow, allowVersionMismatch, rested } = request;
  const { runs } = environment.backend;
  checkStatus(request.head);
  checkPauses(request.pauses, workflow.model);
  const verdict = await checkVersion(request.head, workflow, runs, allowVersionMismatch);
  const { durability, limits: started } =
    rested === undefined ? await readStartedWith(request.head, runs) : startedWith(rested.started);
  checkRunDurability(durability, runs.capabilities);
  const own = started === undefined ? request.limits : { ...started, ...definedOf(request.limits) };
  const limits = environment.limitsOf(workflow.model, own);
  await checkCompensated(request, runs);
  const taken =
    rested === undefined ? await owner.take(request.head) : { head: rested.head, isRecovery: false };
  try {
    const loaded = await loadRoot(request, { head: taken.head, durability }, verdict, environment);
    const compensation = await compensationOf(request, runs);
    return await restore(request, { ...taken, ...loaded, durability, limits, compensation }, environment);
  } catch (error) {
    if (rested === undefined) await owner.release(taken.head);
    throw error;
  }
}

/** Loads the root scope, after a migration if there is to be one. */
async function loadRoot(
  request: ResumeRequest,
  { head, durability }: Pick<RunParts, "durability"> & { readonly head: RunHead },
  verdict: VersionVerdict,
  environment: RunEnvironment,
): Promise<{ readonly head: RunHead; readonly root: ScopeExecution }> {
  const { workflow, rested } = request;
  const { runs } = environment.backend;
  if (verdict.kind === "migrate") {
    const { from } = verdict;
    const migrated = await migrateRun(head, workflow, { from, durability }, environment);
    const fresh = { ...request, rested: undefined };
    return loadRoot(fresh, { head: migrated, durability }, { kind: "goOn" }, environment);
  }
  const values = await readInput(head, runs);
  const { tenant, runId } = head;
  const round = roundOf(head);
  const scope = { path: "", workflow, values, parent: undefined, tenant, runId, round, runs };
  const stored = await readStored(scope, rested?.root);
  const known = await versionOf(request, head, stored, runs);
  return known.kind === "goOn"
    ? { head, root: restoreStored(scope, stored) }
    : loadRoot(request, { head, durability }, known, environment);
}

/** The fingerprint in the head says nothing of the state if that was migrated since: its snapshots tell. */
async function versionOf(
  { workflow, allowVersionMismatch }: ResumeRequest,
  head: RunHead,
  { record }: StoredScope,
  runs: RunStore,
): Promise<VersionVerdict> {
  const seal = record.snapshot === undefined ? undefined : (JSON.parse(record.snapshot.seal) as Seal);
  const definition = seal?.definition ?? head.fingerprint;
  const isKnown = definition === head.fingerprint || definition === workflow.workflow.fingerprint;
  return isKnown || allowVersionMismatch ? { kind: "goOn" } : compareVersion(head, workflow, runs);
}

/** Whoever resumes a failed run has mended it: a new count of crashes begins, as a new round of attempts does. */
function roundOf(head: RunHead): number {
  return head.round + (head.status === "failed" ? 1 : 0);
}

type TakenRun = Awaited<ReturnType<Owner["take"]>> &
  Awaited<ReturnType<typeof loadRoot>> &
  Pick<RunParts, "durability" | "limits"> & { readonly compensation: StoredCompensation | undefined };

function definedOf(limits: WorkflowLimits = {}): WorkflowLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

async function restore(
  { workflow, pauses: given, adopt, rested }: ResumeRequest,
  { head, root, isRecovery, durability, limits, compensation }: TakenRun,
  environment: RunEnvironment,
): Promise<OpenedRun> {
  const round = roundOf(head);
  const recoveries = head.status === "failed" ? 0 : head.recoveries;
  const progress = { ...progressOf(head), round, recoveries, status: "running" as const, wakeAt: undefined };
  const pauses = new StaticPauses(given, head.status === "paused");
  const roundStartedAt =
    head.status === "failed" ? environment.clock.now() : await readRoundStart(head, environment);
  const kept = { workflow, root, limits, pauses, durability, isRestored: true, roundStartedAt };
  const run = new RunExecution({ origin: originOf(head), progress, ...kept }, environment);
  const open = root.tasks.filter((task) => !root.hasStaged(task)).map((task) => task.stepId);
  if (compensation !== undefined) run.saga.restore(compensation.data);
  const type = isRecovery ? "run.recovered" : "run.resumed";
  const pausesOver = await pausesOverAt(head, environment);
  const data = JSON.stringify({
    from: head.status,
    steps: open,
    ...(isRecovery ? { recoveries } : {}),
    ...(pausesOver === 0 ? {} : { inbox: pausesOver }),
  });
  adopt(run);
  environment.outbox.redeliver(run, head.events);
  run.log.pending.addMark({ type, at: environment.clock.now(), data, state: undefined, refs: undefined });
  const { recoveriesMax } = environment;
  if (recoveries > recoveriesMax) run.failRun(crashLoop(head, open, recoveriesMax));
  return { run, pausesOver, inbox: rested?.inbox };
}

/** When somebody last resumed the run after it had failed; 0 if nobody did. */
async function readRoundStart(head: RunHead, { backend }: RunEnvironment): Promise<number> {
  let startedAt = 0;
  if (head.round === 0) return startedAt;
  for await (const { kind, row } of readAllRecords(head, backend.runs)) {
    if (kind !== "mark" || row.data === undefined || !row.type.startsWith("run.re")) continue;
    if ((JSON.parse(row.data) as { readonly from?: string }).from === "failed") startedAt = row.at;
  }
  return startedAt;
}

/** Id of the newest inbox row whose pause is over, because somebody resumes the run that was paused; 0 for none. */
async function pausesOverAt(
  { tenant, runId, status }: RunHead,
  { backend }: RunEnvironment,
): Promise<number> {
  if (status !== "paused") return 0;
  return (await backend.inbox.read(tenant, runId, 0)).at(-1)?.id ?? 0;
}

/** Gives a restored run what its inbox holds, and starts what is ready. */
export async function startRun(
  { run, pausesOver, inbox: known }: OpenedRun,
  environment: RunEnvironment,
): Promise<void> {
  const { tenant, runId } = run.origin;
  const { runs, inbox } = environment.backend;
  const rows = known ?? (await inbox.read(tenant, runId, 0));
  const taken = await takenRows(run.origin, rows, runs);
  for (const row of rows) if (row.kind === "pause" && row.id <= pausesOver) taken.add(row.id);
  run.listen(rows, taken);
  // What came in meanwhile could not be told to a run that did not listen yet. One that was taken with its inbox hears of it
  // with its first commit.
  if (known === undefined) run.receive(await inbox.read(tenant, runId, run.parking.inboxSeen));
  run.log.pending.whenAccepted(() => run.goOn());
}

/** What is known of the compensation of a run that may have one. */
async function compensationOf(
  { head, workflow }: ResumeRequest,
  runs: RunStore,
): Promise<StoredCompensation | undefined> {
  return mayCompensate(workflow.model) ? readCompensation(head, runs) : undefined;
}

/** A failed run whose steps were all undone does not go on: what it would go on from is no longer so. */
async function checkCompensated(request: ResumeRequest, runs: RunStore): Promise<void> {
  const { runId, status } = request.head;
  if (status !== "failed") return;
  const { report } = (await compensationOf(request, runs)) ?? {};
  if (report === undefined || report.failed.length > 0) return;
  throw new RunStatusError(`Run ${runId} has failed, its steps were undone, and it cannot go on.`, {
    hint: "Start a new run.",
    context: { runId, status, compensated: report.compensated },
  });
}

function checkStatus(head: RunHead): void {
  if (head.status !== "succeeded" && head.status !== "cancelled") return;
  throw new RunStatusError(`Run ${head.runId} has ${head.status} and cannot go on.`, {
    context: { runId: head.runId, status: head.status },
  });
}

function crashLoop(head: RunHead, steps: readonly string[], recoveriesMax: number): CrashLoopError {
  const message = `Run ${head.runId} took its process down ${head.recoveries} times in a row at ${steps.join(", ")}.`;
  return new CrashLoopError(message, {
    context: { runId: head.runId, steps, recoveries: head.recoveries, recoveriesMax },
  });
}
