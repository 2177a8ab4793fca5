import {
  compareDefinitions,
  type RunHead,
  type RunStore,
  type Seal,
  VersionMismatchError,
  type WorkflowDescription,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { readAllRecords } from "./read-all-records.ts";

/** A definition that the state of a run is, or was, in. */
export interface StateDefinition {
  readonly version: string;
  readonly fingerprint: string;
  readonly definition: WorkflowDescription;
}

/** What `run.migrated` says beside the migrated state: the definition it is in, and the seal that it is the state after. */
export interface MigratedData extends StateDefinition {
  /** -1 if the run had sealed nothing. */
  readonly superstep: number;
  readonly seal: Seal;
}

/** How a stored run fits the workflow in hand (S19): it goes on as it is, or its state is migrated first. */
export type VersionVerdict =
  | { readonly kind: "goOn" }
  | { readonly kind: "migrate"; readonly from: StateDefinition };

/**
 * Compares the definition a run was made by, or was migrated to, with the workflow in hand. Rejects with
 * VersionMismatchError when they are incompatible and there is neither an override nor a `migrate`.
 */
export async function checkVersion(
  head: RunHead,
  workflow: CompiledWorkflow,
  runs: RunStore,
  allowMismatch: boolean,
): Promise<VersionVerdict> {
  if (head.fingerprint === workflow.workflow.fingerprint || allowMismatch) return { kind: "goOn" };
  return compareVersion(head, workflow, runs);
}

/**
 * Compares the definition that a run's state is in by now with the workflow in hand, whose fingerprint may be the one that
 * the run was started with. Rejects like checkVersion.
 */
export async function compareVersion(
  head: RunHead,
  workflow: CompiledWorkflow,
  runs: RunStore,
): Promise<VersionVerdict> {
  const current = workflow.workflow;
  const from = (await readMigration(head, runs)) ?? (await readOriginal(head, runs));
  if (from === undefined) throw mismatch(head, workflow, head.version, ["the stored definition is missing"]);
  if (from.fingerprint === current.fingerprint) return { kind: "goOn" };
  const { compatible, differences } = compareDefinitions(from.definition, current.description);
  if (compatible) return { kind: "goOn" };
  if (workflow.model.migrate !== undefined) return { kind: "migrate", from };
  throw mismatch(head, workflow, from.version, differences);
}

/** The definition that a run was made by. */
export async function readOriginal(head: RunHead, runs: RunStore): Promise<StateDefinition | undefined> {
  const { tenant, version, fingerprint } = head;
  const json = await runs.readDefinition(tenant, fingerprint);
  return json === undefined
    ? undefined
    : { version, fingerprint, definition: JSON.parse(json) as WorkflowDescription };
}

async function readMigration(head: RunHead, runs: RunStore): Promise<MigratedData | undefined> {
  let last: MigratedData | undefined;
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind !== "mark" || record.row.type !== "run.migrated" || record.row.data === undefined)
      continue;
    last = JSON.parse(record.row.data) as MigratedData;
  }
  return last;
}

function mismatch(
  head: RunHead,
  workflow: CompiledWorkflow,
  stored: string,
  differences: readonly string[],
): VersionMismatchError {
  const { runId } = head;
  const shown = differences.slice(0, 3).join("; ");
  const message = `Run ${runId} was made by ${head.workflow} ${stored}, which differs from the workflow in hand: ${shown}.`;
  const context = { runId, stored, current: workflow.model.version, differences: [...differences] };
  return new VersionMismatchError(message, { context });
}
