import type { MarkRow, RecordRow, RunHead, RunStore, SnapshotRow, Workflow } from "@agentflow/core";
import { type CompiledWorkflow, compile } from "../compile/compiled-workflow.ts";
import { type MigratedData, readOriginal, type StateDefinition } from "../resume/check-version.ts";
import { placedState } from "../resume/placed-state.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import { compensationAfter, type StoredCompensation } from "../saga/compensation.ts";

/** What one version of its workflow did of a run: the rows between two migrations, or all of them. */
export interface RunVersion {
  /** Undefined if it was not given: its rows are taken as recorded. */
  readonly workflow: CompiledWorkflow | undefined;
  /** As it is stored; undefined if the store lacks it. */
  readonly definition: StateDefinition | undefined;
  /** The migration that it begins with; undefined for the first. */
  readonly migration: Migration | undefined;
  /** Its rows have their first event from `from` to before `until`. */
  readonly from: number;
  readonly until: number;
  /** Its committed steps, nested ones included. */
  readonly steps: number;
}

/** The mark of a migration, and what it says beside the state. */
export interface Migration {
  readonly mark: MarkRow;
  readonly data: MigratedData;
}

/** The versions of a run in order, and the mark that it stopped with, if nothing was committed since. */
export interface RunVersions {
  readonly versions: readonly RunVersion[];
  /** The states that forks patched, in the order in which they did (S23). */
  readonly patches: readonly SnapshotRow[];
  readonly end: MarkRow | undefined;
  readonly compensation: StoredCompensation | undefined;
}

/** Reads through a run once and finds the versions that made it, the newest of which is the workflow in hand. */
export async function readVersions(
  head: RunHead,
  given: { readonly workflow: CompiledWorkflow; readonly earlier: readonly Workflow[] },
  runs: RunStore,
): Promise<RunVersions> {
  const migrations: Migration[] = [];
  const patches: SnapshotRow[] = [];
  const steps = [0];
  let last: RecordRow | undefined;
  let compensation: StoredCompensation | undefined;
  for await (const record of readAllRecords(head, runs)) {
    last = record;
    if (record.kind === "step") steps.push((steps.pop() ?? 0) + 1);
    if (record.kind !== "mark") continue;
    compensation = compensationAfter(compensation, record.row);
    const placed = placedState(record.row);
    if (record.row.type === "run.forked" && placed !== undefined) patches.push(placed);
    if (record.row.type !== "run.migrated") continue;
    migrations.push({ mark: record.row, data: JSON.parse(record.row.data ?? "{}") as MigratedData });
    steps.push(0);
  }
  const original = await readOriginal(head, runs);
  const versions = steps.map((count, index): RunVersion => {
    const migration = migrations[index - 1];
    const definition = migration === undefined ? original : migration.data;
    const earlier = given.earlier.find(({ fingerprint }) => fingerprint === definition?.fingerprint);
    const isNewest = index === migrations.length;
    return {
      workflow: isNewest ? given.workflow : earlier && compile(earlier),
      definition,
      migration,
      from: migration?.mark.event ?? 0,
      until: migrations[index]?.mark.event ?? Number.POSITIVE_INFINITY,
      steps: count,
    };
  });
  return {
    versions,
    patches,
    compensation,
    end: last?.kind === "mark" && last.row.type !== "run.forked" ? last.row : undefined,
  };
}
