import type { RunProgress, RunStatus } from "@agentflow/core";
import type { PreparedStatements } from "./prepared-statements.ts";

/**
 * What a connection remembers of a run. The rare fields hold as long as `seq`, `epoch` and `inbox`, the id of the newest
 * row of its inbox, pass the fence.
 */
export interface KnownRun {
  readonly tenant: string;
  readonly rid: number;
  seq: number;
  epoch: number;
  status: RunStatus | undefined;
  recoveries: number;
  round: number;
  wakeAt: number | undefined;
  inbox: number;
}

const knownMax = 10_000;

/** Maps (tenant, run id) to the run's number, with a bounded memory of the runs used last. */
export class RunNumbers {
  readonly #statements: PreparedStatements;
  // By run id alone, without a key made for each commit: of runs of two tenants under one id the last one is remembered.
  readonly #known = new Map<string, KnownRun>();

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  find(tenant: string, runId: string): KnownRun | undefined {
    const known = this.#known.get(runId);
    if (known?.tenant === tenant) return known;
    // As UTF-8, every lone surrogate is the same replacement character: such an id would find another's run.
    if (!runId.isWellFormed() || !tenant.isWellFormed()) return undefined;
    const row = this.#statements.row(
      "SELECT rid FROM af_origins WHERE tenant = ? AND run_id = ?",
      tenant,
      runId,
    );
    if (row === undefined) return undefined;
    return this.#keep(runId, {
      tenant,
      rid: row[0] as number,
      seq: -1,
      epoch: -1,
      status: undefined,
      recoveries: 0,
      round: 0,
      wakeAt: undefined,
      inbox: 0,
    });
  }

  /**
   * Looks up again a run whose number gives nothing: it may have been removed, and its id taken by another. Undefined if
   * there is no other.
   */
  renew(tenant: string, runId: string): KnownRun | undefined {
    const before = this.find(tenant, runId);
    this.#known.delete(runId);
    const found = this.find(tenant, runId);
    return found?.rid === before?.rid ? undefined : found;
  }

  /** Remembers a run that was just made. */
  add(tenant: string, runId: string, rid: number, progress: RunProgress): KnownRun {
    const { seq, epoch, status, recoveries, round, wakeAt } = progress;
    return this.#keep(runId, { tenant, rid, seq, epoch, status, recoveries, round, wakeAt, inbox: 0 });
  }

  /** After a rollback nothing remembered is sure. */
  forget(): void {
    this.#known.clear();
  }

  #keep(runId: string, run: KnownRun): KnownRun {
    if (this.#known.size >= knownMax) {
      // Map order is insertion order. A run in use that drops out costs one look-up.
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        if (this.#known.size < knownMax / 2) break;
      }
    }
    this.#known.set(runId, run);
    return run;
  }
}
