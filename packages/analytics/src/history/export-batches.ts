import { randomUUID } from "node:crypto";
import { finishedStatuses, type RunHead, type StoreBackend } from "@agentflow/core";

/** The ports of a run store that an export reads. */
export type ExportedStore = Pick<StoreBackend, "runs" | "exports">;

/** Runs that are exported together, and what to do once the dataset holds them. */
export interface RunBatch {
  readonly heads: readonly RunHead[];
  readonly complete: () => Promise<void>;
}

/** Which runs are wanted. */
export interface BatchRequest {
  readonly tenant: string;
  /** The dataset that they go to; its batches carry its id, so that no other one takes them over. */
  readonly datasetId: string;
  readonly batchRuns: number;
}

/** Runs of one claim, which the store makes in one transaction. */
const claimedAtOnce = 500;

/**
 * The runs that no export has taken as they are: first the batches that an export into the same dataset has left open
 * when it ended, then those that are claimed now.
 */
export async function* claimedBatches(
  { exports }: ExportedStore,
  { tenant, datasetId, batchRuns }: BatchRequest,
): AsyncGenerator<RunBatch> {
  const complete = (batch: string) => () => exports.completeExports({ tenant, batch, at: Date.now() });
  for (const { batch } of await exports.listOpenExports(tenant)) {
    if (!batch.startsWith(`${datasetId}:`)) continue;
    yield { heads: await exports.readExports({ tenant, batch }), complete: complete(batch) };
  }
  for (;;) {
    const batch = `${datasetId}:${randomUUID()}`;
    let heads: readonly RunHead[] = [];
    for (let limit = 0; heads.length === limit && limit < batchRuns; ) {
      limit = Math.min(batchRuns, limit + claimedAtOnce);
      heads = await exports.claimExports({ tenant, batch, at: Date.now(), limit });
      if (heads.length < limit) break;
    }
    if (heads.length === 0) return;
    yield { heads, complete: complete(batch) };
  }
}

/** Every finished run, newest first, whatever was exported before; marks in the store stay as they are. */
export async function* allBatches(
  { runs }: ExportedStore,
  { tenant, batchRuns }: BatchRequest,
): AsyncGenerator<RunBatch> {
  let after: string | undefined;
  do {
    const heads = await runs.listRuns({
      tenant,
      status: finishedStatuses,
      limit: Math.min(batchRuns, claimedAtOnce),
      ...(after === undefined ? {} : { after }),
    });
    after = heads.at(-1)?.runId;
    const whole = heads.filter(({ historyRemovedAt }) => historyRemovedAt === undefined);
    if (whole.length > 0) yield { heads: whole, complete: async () => undefined };
  } while (after !== undefined);
}

/** How many batches exports into other datasets have claimed and not completed. */
export async function foreignBatches(
  { exports }: ExportedStore,
  { tenant, datasetId }: BatchRequest,
): Promise<number> {
  const open = await exports.listOpenExports(tenant);
  return open.filter(({ batch }) => !batch.startsWith(`${datasetId}:`)).length;
}
