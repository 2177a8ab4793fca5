import type { RunProgress, RunStatus } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

/** What a connection remembers of a run. The rare fields hold as long as `seq` and `epoch` pass the fence. */
export interface KnownRun {
  readonly rid: number;
  seq: number;
  epoch: number;
  status: RunStatus | undefined;
  recoveries: number;
  round: number;
  wakeAt: number | undefined;
}

const knownMax = 10_000;

/** Maps (tenant, run id) to the run's number, with a bounded memory of the runs used last. */
export class RunNumbers {
  readonly #statements: PreparedStatements;
  readonly #known = new Map<string, KnownRun>();

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  find(tenant: string, runId: string): KnownRun | undefined {
    const key = runKey(tenant, runId);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // As UTF-8, every lone surrogate is the same replacement character: such an id would find another's run.
    if (!key.isWellFormed()) return undefined;
    const row = this.#statements.row(
      "SELECT rid FROM af_origins WHERE tenant = ? AND run_id = ?",
      tenant,
      runId,
    );
    if (row === undefined) return undefined;
    return this.#keep(key, {
      rid: row[0] as number,
      seq: -1,
      epoch: -1,
      status: undefined,
      recoveries: 0,
      round: 0,
      wakeAt: undefined,
    });
  }

  add(tenant: string, runId: string, rid: number, progress: RunProgress): void {
    const { seq, epoch, status, recoveries, round, wakeAt } = progress;
    this.#keep(runKey(tenant, runId), { rid, seq, epoch, status, recoveries, round, wakeAt });
  }

  /** After a rollback nothing remembered is sure. */
  forget(): void {
    this.#known.clear();
  }

  #keep(key: string, run: KnownRun): KnownRun {
    if (this.#known.size >= knownMax) {
      // Map order is insertion order. A run in use that drops out costs one look-up.
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        if (this.#known.size < knownMax / 2) break;
      }
    }
    this.#known.set(key, run);
    return run;
  }
}
