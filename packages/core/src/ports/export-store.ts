import type { RunHead } from "../record/run-head.ts";

/** Runs that one export takes together. */
export interface ExportBatch {
  readonly batch: string;
  readonly claimedAt: number;
}

/**
 * Marks which finished runs were exported, so that each is exported exactly once (OLP-30).
 *
 * An exporter claims runs under the id of a batch, writes them to a place that follows from that id, replacing what is
 * there, and completes the batch. Whoever finds a batch open whose exporter has died writes the same runs to the same
 * place again. A run that goes on after its export, as a failed one may, counts as not exported from then on.
 */
export interface ExportStore {
  /** Finished runs that no batch has claimed as they are, oldest first: they belong to `batch` now. */
  claimExports(request: {
    readonly tenant: string;
    readonly batch: string;
    readonly at: number;
    readonly limit: number;
  }): Promise<readonly RunHead[]>;
  /** The runs of a batch as far as they are as they were claimed. */
  readExports(request: { readonly tenant: string; readonly batch: string }): Promise<readonly RunHead[]>;
  /** Batches that are not completed, oldest first. */
  listOpenExports(tenant: string): Promise<readonly ExportBatch[]>;
  /** Marks the runs of a batch as exported; retention may remove them from then on. */
  completeExports(request: {
    readonly tenant: string;
    readonly batch: string;
    readonly at: number;
  }): Promise<void>;
}
