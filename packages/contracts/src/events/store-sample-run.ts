import {
  canonicalJson,
  eventCount,
  invariant,
  type RunStatus,
  type RunStore,
  sha256Hex,
} from "@agentflow/core";
import type { SampleRun } from "./sample-run.ts";

/** Which run a sample is stored as. */
export interface SampleRunTarget {
  readonly tenant: string;
  readonly runId: string;
  /** Default: succeeded. */
  readonly status?: RunStatus;
}

/** Stores the rows of a sample run as one commit of a new run. */
export async function storeSampleRun(
  store: Pick<RunStore, "commit">,
  run: SampleRun,
  target: SampleRunTarget,
): Promise<void> {
  const { tenant, runId, status = "succeeded" } = target;
  const { records } = run;
  const steps = records.flatMap((record) => (record.kind === "step" ? [record.row] : []));
  const [result] = await store.commit([
    {
      tenant,
      runId,
      expectedSeq: 0,
      progress: {
        seq: 1,
        epoch: 1,
        events: records.reduce((sum, record) => sum + eventCount(record), 0),
        emittedSeq: 0,
        status,
        recoveries: 0,
        round: 0,
        budgetMs: 0,
        steps: steps.length,
        updatedAt: 0,
        wakeAt: undefined,
      },
      create: {
        origin: {
          tenant,
          runId,
          workflow: "sample",
          version: "1",
          fingerprint: sha256Hex("fingerprint"),
          seed: "seed",
          input: canonicalJson({ question: "why?" }),
          createdAt: 0,
          labels: undefined,
        },
        owner: undefined,
        definition: run.definition,
      },
      release: true,
      steps,
      journal: records.flatMap((record) => (record.kind === "journal" ? [record.row] : [])),
      attempts: records.flatMap((record) => (record.kind === "attempt" ? [record.row] : [])),
      marks: records.flatMap((record) => (record.kind === "mark" ? [record.row] : [])),
      snapshots: [],
      blobs: [...run.blobs].map(([hash, json]) => ({ hash, json })),
    },
  ]);
  invariant(result?.kind === "committed", `the sample run was not committed: ${JSON.stringify(result)}`);
}
