import {
  type BlobRow,
  type RunOrigin,
  sha256Hex,
  ValidationError,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import { compile } from "../compile/compiled-workflow.ts";
import { checkInput, checkInputShape } from "../state/check-input.ts";
import { blobThreshold } from "../state/delta.ts";
import { encodeInput, ScopeState } from "../state/scope-state.ts";
import type { RunEnvironment } from "./run-environment.ts";
import { RunExecution } from "./run-execution.ts";
import { freshProgress } from "./run-progress.ts";
import { ScopeExecution } from "./scope-execution.ts";

/** What a caller says of a new run. */
export interface StartOptions {
  /** 1 to 128 letters, digits, `.`, `_` or `-`; a new ULID if absent. */
  readonly runId?: string | undefined;
  /** Seed of `ctx.rng` and `ctx.uuid`; the run id if absent. */
  readonly seed?: string | undefined;
  /** Free texts kept with the run. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly limits?: WorkflowLimits | undefined;
}

/**
 * Makes a run of a workflow and what its first commit says; nothing is stored yet. Rejects with ValidationError for an
 * input, a run id or a limit that is not valid.
 */
export async function createRun(
  workflow: Workflow,
  input: Readonly<Record<string, unknown>>,
  options: StartOptions,
  owner: {
    readonly id: string;
    readonly tenant: string;
    readonly environment: RunEnvironment;
    /** Hears of the run before anything of it is committed; may throw to refuse it. */
    readonly adopt: (run: RunExecution) => void;
  },
): Promise<RunExecution> {
  const { environment, tenant } = owner;
  const compiled = compile(workflow);
  checkInputShape(input, compiled, "input");
  if (compiled.hasInputSchema) await checkInput(input, compiled, "input");
  const runId = options.runId ?? environment.host.newId();
  checkRunId(runId);
  const encoded = encodeInput(input, compiled, "input");
  const isLarge = encoded.json.length >= blobThreshold;
  const blobs: BlobRow[] = isLarge ? [{ hash: sha256Hex(encoded.json), json: encoded.json }] : [];
  const now = environment.clock.now();
  const { model, fingerprint } = workflow;
  const origin: RunOrigin = {
    tenant,
    runId,
    workflow: model.name,
    version: model.version,
    fingerprint,
    seed: options.seed ?? runId,
    input: isLarge ? `#${blobs[0]?.hash}` : encoded.json,
    createdAt: now,
    labels: options.labels === undefined ? undefined : JSON.stringify(options.labels),
  };
  const state = new ScopeState(compiled, encoded.values);
  const root = new ScopeExecution({ path: "", workflow: compiled, state, parent: undefined });
  root.startedAt = now;
  root.begin();
  const limits = environment.limitsOf(model, options.limits);
  const run = new RunExecution(
    { origin, progress: freshProgress(now), workflow: compiled, root, limits },
    environment,
  );
  owner.adopt(run);
  const { pending } = run.log;
  pending.create = { origin, owner: owner.id, definition: definitionOf(workflow).json };
  pending.addMark(
    { type: "run.started", at: now, data: startedData(origin, workflow), state: undefined, refs: undefined },
    blobs,
  );
  pending.whenAccepted(() => run.dispatch(root));
  return run;
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

function startedData(origin: RunOrigin, workflow: Workflow): string {
  const { seed, input, version, fingerprint, labels } = origin;
  const given = `"input":${input.startsWith("#") ? JSON.stringify(input) : input}`;
  const more = labels === undefined ? "" : `,"labels":${labels}`;
  const name = JSON.stringify(workflow.model.name);
  const definition = definitionOf(workflow).hash;
  return `{"definition":"${definition}","fingerprint":"${fingerprint}",${given}${more},"seed":${JSON.stringify(seed)},"version":${JSON.stringify(version)},"workflow":${name}}`;
}

function checkRunId(runId: string): void {
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
