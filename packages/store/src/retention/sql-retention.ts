import type {
  Footprint,
  RemovableRun,
  RemovedRun,
  RetentionPage,
  RetentionStore,
  SnapshotRemoval,
  StoreSpace,
} from "@agentflow/core";
import { readArtifacts } from "./bound-artifacts.ts";
import { listRemoved, purgeRun } from "./purge-run.ts";
import {
  deleteRedundant,
  findRedundant,
  listCompactable,
  measureRedundant,
  type RedundantParts,
} from "./redundant-snapshots.ts";
import { listRemovable, measureRuns, removeRuns } from "./removable-runs.ts";
import type { RetentionDatabase } from "./retention-database.ts";
import type { RetentionDialect } from "./retention-dialect.ts";

type Parameter<Name extends keyof RetentionStore> = Parameters<RetentionStore[Name]>[0];

// A transaction that deletes more holds the head of the run longer than a commit does.
const snapshotsMax = 100;

/** Retention over SQL (S24): on a database server, and in the maintenance thread of SQLite. */
export class SqlRetention implements RetentionStore {
  readonly #database: () => RetentionDatabase;
  readonly #dialect: RetentionDialect;

  /** `database` throws StoreUnavailableError once the store is closed. */
  constructor(database: () => RetentionDatabase, dialect: RetentionDialect) {
    this.#database = database;
    this.#dialect = dialect;
  }

  async listCompactable(request: Parameter<"listCompactable">): Promise<RetentionPage<string>> {
    return this.#database().snapshot((session) => listCompactable(session, request));
  }

  async removeSnapshots(request: Parameter<"removeSnapshots">): Promise<SnapshotRemoval> {
    const parts = await this.findRedundant(request);
    return request.dryRun ? measureRedundant(parts) : this.deleteRedundant(parts);
  }

  /** The first half of {@link removeSnapshots}: only reads, however large the run. */
  async findRedundant(request: Parameter<"removeSnapshots">): Promise<RedundantParts | undefined> {
    const limit = request.dryRun ? Number.MAX_SAFE_INTEGER : snapshotsMax;
    return this.#database().snapshot((session) =>
      findRedundant(session, this.#dialect, { ...request, limit }),
    );
  }

  /** The second half: one short transaction. */
  async deleteRedundant(parts: RedundantParts | undefined): Promise<SnapshotRemoval> {
    if (parts === undefined || parts.snapshots.length === 0) return measureRedundant(undefined);
    const removed = await this.#database().repeatableTransaction((session) =>
      deleteRedundant(session, this.#dialect, parts),
    );
    return removed === undefined ? { kind: "busy" } : { kind: "removed", ...removed };
  }

  async listRemovable(
    rule: Parameter<"listRemovable">,
    page: Parameters<RetentionStore["listRemovable"]>[1],
  ): Promise<RetentionPage<RemovableRun>> {
    return this.#database().search((session) => listRemovable(session, this.#dialect, rule, page));
  }

  async measureRuns(request: Parameter<"measureRuns">): Promise<Footprint> {
    return this.#database().search((session) => measureRuns(session, this.#dialect, request));
  }

  async removeRuns(
    rule: Parameter<"removeRuns">,
    request: Parameters<RetentionStore["removeRuns"]>[1],
  ): Promise<readonly string[]> {
    return this.#database().repeatableTransaction((session) =>
      removeRuns(session, this.#dialect, rule, request),
    );
  }

  async listRemoved({ tenant, limit }: Parameter<"listRemoved">): Promise<readonly RemovedRun[]> {
    return this.#database().repeatable((session) => listRemoved(session, tenant, limit));
  }

  async purge(request: Parameter<"purge">): Promise<{ readonly rows: number; readonly isDone: boolean }> {
    return this.#database().repeatableTransaction((session) => purgeRun(session, this.#dialect, request));
  }

  async readArtifacts(request: Parameter<"readArtifacts">): Promise<RetentionPage<string>> {
    return this.#database().snapshot((session) => readArtifacts(session, request));
  }

  async space(): Promise<StoreSpace | undefined> {
    return undefined;
  }

  async claimRound({ at, intervalMs }: Parameter<"claimRound">): Promise<boolean> {
    const sql = "UPDATE af_rounds SET at = ? WHERE name = 'retention' AND at <= ?";
    return this.#database().transaction(
      async (session) => (await session.change(sql, at, at - intervalMs)) === 1,
    );
  }
}
