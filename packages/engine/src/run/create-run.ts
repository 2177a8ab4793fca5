import {
  type BlobRow,
  type Durability,
  type JsonObject,
  type RunOrigin,
  sha256Hex,
  ValidationError,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import type { PendingCommit } from "../commit/pending-commit.ts";
import { compile } from "../compile/compiled-workflow.ts";
import { tracedLabels } from "../emit/run-trace.ts";
import { checkPauses, type PauseOptions, StaticPauses } from "../people/static-pauses.ts";
import { checkInput, checkInputShape } from "../state/check-input.ts";
import { blobThreshold } from "../state/delta.ts";
import { encodeInput, ScopeState } from "../state/scope-state.ts";
import { checkText } from "../step/check-call.ts";
import { type Delay, type DelayOptions, delayOf } from "../time/delayed-start.ts";
import { CommitLog } from "./commit-log.ts";
import { checkRunDurability } from "./run-durability.ts";
import type { RunEnvironment } from "./run-environment.ts";
import { RunExecution } from "./run-execution.ts";
import type { RunLimits } from "./run-limits.ts";
import { freshProgress, type LiveProgress } from "./run-progress.ts";
import { ScopeExecution } from "./scope-execution.ts";

/** What a caller says of a new run. */
export interface StartOptions extends PauseOptions, DelayOptions {
  /**
   * 1 to 128 letters, digits, `.`, `_` or `-`; a new ULID if absent. Starting again under an id gives the run that is
   * there, if it has the same workflow and input.
   */
  readonly id?: string | undefined;
  /** Seed of `ctx.rng` and `ctx.uuid`; the run id if absent. */
  readonly seed?: string | undefined;
  /** Free texts kept with the run. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** What the run's commits survive, whatever the store's own level is, and whoever goes on with it (S5). */
  readonly durability?: Durability | undefined;
  /** Limits that the run keeps, whoever goes on with it; they win over the engine's and the workflow's. */
  readonly limits?: WorkflowLimits | undefined;
}

/** A run that was checked and of which nothing is stored yet. */
export interface PreparedRun {
  readonly workflow: Workflow;
  readonly origin: RunOrigin;
  readonly options: StartOptions;
  readonly limits: RunLimits;
  /** Encoded input per field, and the blob that holds it if it is large (S17). */
  readonly values: JsonObject;
  readonly blobs: readonly BlobRow[];
  /** What it waits for before it begins; undefined for one that begins at once. */
  readonly delay: Delay | undefined;
}

/**
 * Checks what a caller says of a new run. Rejects with ValidationError for an input, a run id, a seed or a limit that is
 * not valid, and CapabilityError for a durability that the store cannot keep.
 */
export async function prepareRun(
  workflow: Workflow,
  given: unknown,
  options: StartOptions,
  { environment, tenant }: { readonly environment: RunEnvironment; readonly tenant: string },
): Promise<PreparedRun> {
  checkRunDurability(options.durability, environment.backend.runs.capabilities);
  const compiled = compile(workflow);
  const input = (workflow.model.toState?.(given) ?? given) as Readonly<Record<string, unknown>>;
  checkInputShape(input, compiled, "input");
  if (compiled.hasInputSchema) await checkInput(input, compiled, "input");
  const runId = options.id ?? environment.host.newId();
  checkRunId(runId);
  checkText("The seed", options.seed);
  checkPauses(options, workflow.model);
  const { json, values } = encodeInput(input, compiled, "input");
  const isLarge = json.length >= blobThreshold;
  const blobs: BlobRow[] = isLarge ? [{ hash: sha256Hex(json), json }] : [];
  const { model, fingerprint } = workflow;
  const labels = tracedLabels(options.labels, { tenant, runId, workflow: model.name }, environment.tracing);
  const origin: RunOrigin = {
    tenant,
    runId,
    workflow: model.name,
    version: model.version,
    fingerprint,
    seed: options.seed ?? runId,
    input: isLarge ? `#${blobs[0]?.hash}` : json,
    createdAt: environment.clock.now(),
    labels: labels === undefined ? undefined : JSON.stringify(labels),
  };
  const limits = environment.limitsOf(model, options.limits);
  const delay = delayOf(options, origin.createdAt, environment.queues);
  return { workflow, origin, options, limits, values, blobs, delay };
}

/**
 * Makes a prepared run and what its first commit says; nothing is stored yet. `adopt` hears of the run before anything of
 * it is committed; it may throw to refuse it.
 */
export function createRun(
  prepared: PreparedRun,
  environment: RunEnvironment,
  owner: { readonly id: string; readonly adopt: (run: RunExecution) => void },
): RunExecution {
  const { workflow, origin, limits, values } = prepared;
  const { durability } = prepared.options;
  const { createdAt } = origin;
  const compiled = compile(workflow);
  const state = new ScopeState(compiled, values);
  const root = new ScopeExecution({ path: "", workflow: compiled, state, parent: undefined });
  root.startedAt = createdAt;
  root.begin();
  const pauses = new StaticPauses(prepared.options, false);
  const progress = freshProgress(createdAt);
  const parts = { origin, progress, workflow: compiled, root, limits, durability, pauses };
  const run = new RunExecution(parts, environment);
  owner.adopt(run);
  const { pending } = run.log;
  pending.create = { origin, owner: owner.id, definition: definitionOf(workflow).json };
  markStarted(pending, prepared);
  pending.whenAccepted(() => run.dispatch(root));
  return run;
}

/**
 * Stores a run that begins later: given back, and due at its time, or when its queue says so. Rejects with RunExistsError
 * or a StoreError.
 */
export function createLater(prepared: PreparedRun, delay: Delay, environment: RunEnvironment): Promise<void> {
  const { workflow, origin } = prepared;
  const { durability } = prepared.options;
  const { wakeAt, queued } = delay;
  const progress: LiveProgress = { ...freshProgress(origin.createdAt), status: "queued", wakeAt };
  return new Promise((resolve, reject) => {
    const { outbox } = environment;
    const log = new CommitLog({ origin, progress, durability }, environment.committerOf(durability), {
      onDurable: (commit) => {
        const run = { origin, log };
        outbox.take(run, commit);
        void outbox.finish(run);
        resolve();
      },
      onStopped: reject,
      onTake: () => ({ durability, inboxSeen: 0, waits: undefined }),
      now: () => environment.clock.now(),
    });
    const { pending } = log;
    const definition = definitionOf(workflow).json;
    pending.create = { origin, owner: undefined, definition, ...(queued === undefined ? {} : { queued }) };
    pending.release = true;
    markStarted(pending, prepared);
  });
}

function markStarted(pending: PendingCommit, { origin, workflow, options, blobs }: PreparedRun): void {
  const data = startedData(origin, workflow, options);
  const at = origin.createdAt;
  pending.addMark({ type: "run.started", at, data, state: undefined, refs: undefined }, blobs);
}

const definitions = new WeakMap<Workflow, { readonly json: string; readonly hash: string }>();

function definitionOf(workflow: Workflow): { readonly json: string; readonly hash: string } {
  const known = definitions.get(workflow);
  if (known !== undefined) return known;
  const json = JSON.stringify(workflow.description);
  const made = { json, hash: sha256Hex(json) };
  definitions.set(workflow, made);
  return made;
}

function startedData(origin: RunOrigin, workflow: Workflow, { durability, limits }: StartOptions): string {
  const { seed, input, version, fingerprint, labels } = origin;
  const given = `"input":${input.startsWith("#") ? JSON.stringify(input) : input}`;
  const more = labels === undefined ? "" : `,"labels":${labels}`;
  const level = durability === undefined ? "" : `,"durability":"${durability}"`;
  const held = limits === undefined ? "" : `,"limits":${JSON.stringify(limits)}`;
  const name = JSON.stringify(workflow.model.name);
  const definition = definitionOf(workflow).hash;
  return `{"definition":"${definition}"${level},"fingerprint":"${fingerprint}",${given}${more}${held},"seed":${JSON.stringify(seed)},"version":${JSON.stringify(version)},"workflow":${name}}`;
}

/** Throws ValidationError for a text that cannot be the id of a run. */
export function checkRunId(runId: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(runId)) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${JSON.stringify(runId.slice(0, 80))} cannot be a run id.`,
    {
      hint: "Use 1 to 128 letters, digits, `.`, `_` or `-`, starting with a letter or digit.",
      context: { runId: runId.slice(0, 80) },
    },
  );
}
