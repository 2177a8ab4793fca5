import { type ExportBatch, type ExportStore, finishedStatuses, type RunHead } from "@agentflow/core";
import { headColumns, headFrom } from "../rows/head-values.ts";
import type { RetentionDatabase, RetentionSession } from "./retention-database.ts";
import { marks, type RetentionDialect } from "./retention-dialect.ts";

type Parameter<Name extends keyof ExportStore> = Parameters<ExportStore[Name]>[0];

/** Export marks over SQL (OLP-30): on a database server, and in the maintenance thread of SQLite. */
export class SqlExports implements ExportStore {
  readonly #database: () => RetentionDatabase;
  readonly #dialect: RetentionDialect;

  /** `database` throws StoreUnavailableError once the store is closed. */
  constructor(database: () => RetentionDatabase, dialect: RetentionDialect) {
    this.#database = database;
    this.#dialect = dialect;
  }

  async claimExports(request: Parameter<"claimExports">): Promise<readonly RunHead[]> {
    const { tenant, batch } = request;
    await this.#database().repeatableTransaction((session) => claim(session, this.#dialect, request));
    return this.readExports({ tenant, batch });
  }

  async readExports({ tenant, batch }: Parameter<"readExports">): Promise<readonly RunHead[]> {
    const rows = await this.#database().repeatable((session) =>
      session.rows(
        `SELECT ${headColumns} FROM af_exports e JOIN af_runs r ON r.rid = e.rid JOIN af_origins o ON o.rid = e.rid
          WHERE e.tenant = ? AND e.exported_at IS NULL AND e.batch = ? AND e.seq = r.seq
          ORDER BY r.created_at, r.rid`,
        tenant,
        batch,
      ),
    );
    return rows.map(headFrom);
  }

  async listOpenExports(tenant: string): Promise<readonly ExportBatch[]> {
    const rows = await this.#database().repeatable((session) =>
      session.rows(
        `SELECT batch, min(claimed_at) FROM af_exports WHERE tenant = ? AND exported_at IS NULL
          GROUP BY batch ORDER BY min(claimed_at), batch`,
        tenant,
      ),
    );
    return rows.map(([batch, claimedAt]) => ({ batch: batch as string, claimedAt: claimedAt as number }));
  }

  async completeExports({ tenant, batch, at }: Parameter<"completeExports">): Promise<void> {
    await this.#database().repeatable((session) =>
      session.change(
        "UPDATE af_exports SET exported_at = ? WHERE tenant = ? AND exported_at IS NULL AND batch = ?",
        at,
        tenant,
        batch,
      ),
    );
  }
}

const isClaimed = "EXISTS (SELECT 1 FROM af_exports e WHERE e.rid = r.rid AND e.seq = r.seq)";

async function claim(
  session: RetentionSession,
  dialect: RetentionDialect,
  { tenant, batch, at, limit }: Parameter<"claimExports">,
): Promise<void> {
  // A claim whose answer was lost is made again under its id: what it has taken counts.
  const [claimed] = await session.rows(
    "SELECT count(*) FROM af_exports WHERE tenant = ? AND exported_at IS NULL AND batch = ?",
    tenant,
    batch,
  );
  const left = limit - Number(claimed?.[0] ?? 0);
  if (left <= 0) return;
  const ranges = finishedStatuses.map(
    (status) => `SELECT * FROM (SELECT r.rid, r.created_at FROM af_runs r${dialect.listHint("af_runs_newest")}
      WHERE r.tenant = ? AND r.status = '${status}' AND r.history_removed_at IS NULL AND NOT ${isClaimed}
      ORDER BY r.created_at, r.rid LIMIT ?) ${status}`,
  );
  const found = await session.rows(
    `SELECT rid FROM (${ranges.join(" UNION ALL ")}) found ORDER BY created_at, rid LIMIT ?`,
    ...finishedStatuses.flatMap(() => [tenant, left]),
    left,
  );
  const numbers = found.map(([rid]) => rid as number);
  if (numbers.length === 0) return;
  const list = marks(numbers);
  // Two claims at once wait for each other here; what the other one has taken is seen by the next statement.
  await session.rows(
    `SELECT rid FROM af_runs WHERE rid IN (${list}) ORDER BY rid${dialect.lock}`,
    ...numbers,
  );
  const free = await session.rows(
    `SELECT r.rid, r.seq FROM af_runs r WHERE r.rid IN (${list}) AND r.status IN (${marks(finishedStatuses)})
      AND NOT ${isClaimed}`,
    ...numbers,
    ...finishedStatuses,
  );
  for (const [rid, seq] of free) {
    await session.change("DELETE FROM af_exports WHERE rid = ?", rid as number);
    await session.change(
      "INSERT INTO af_exports (rid, tenant, seq, batch, claimed_at) VALUES (?, ?, ?, ?, ?)",
      rid as number,
      tenant,
      seq as number,
      batch,
      at,
    );
  }
}
