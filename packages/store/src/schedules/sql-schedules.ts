import type { ScheduleRow, ScheduleStore, SqlValue } from "@agentflow/core";
import type { RetentionDatabase } from "../retention/retention-database.ts";
import type { RetentionDialect } from "../retention/retention-dialect.ts";
import { checkIdentifier } from "../rows/identifiers.ts";

/** Schedules over SQL: on a database server, and in the maintenance thread of SQLite. */
export class SqlSchedules implements ScheduleStore {
  readonly #database: () => RetentionDatabase;
  readonly #dialect: RetentionDialect;

  /** `database` throws StoreUnavailableError once the store is closed. */
  constructor(database: () => RetentionDatabase, dialect: RetentionDialect) {
    this.#database = database;
    this.#dialect = dialect;
  }

  async createSchedule(row: ScheduleRow): Promise<boolean> {
    const { tenant, name, workflow, revision, nextAt, json } = row;
    checkIdentifier("tenant", tenant);
    let tries = 0;
    return this.#database().repeatableTransaction(async (session) => {
      // Two that make one of the same name wait for each other.
      await session.rows(`SELECT at FROM af_rounds WHERE name = 'schedules'${this.#dialect.lock}`);
      const [known] = await session.rows(`${selectSql} WHERE tenant = ? AND name = ?`, tenant, name);
      tries += 1;
      // The same one may have been made by the first try of this call.
      if (known !== undefined) return tries > 1 && rowFrom(known).json === json;
      await session.change(insertSql, tenant, name, workflow, revision, nextAt ?? null, json);
      return true;
    });
  }

  async replaceSchedule(row: ScheduleRow, expectedRevision: number): Promise<boolean> {
    const { tenant, name, workflow, revision, nextAt, json } = row;
    return this.#database().repeatable(async (session) => {
      const changes = await session.change(
        `UPDATE af_schedules SET workflow = ?, revision = ?, next_at = ?, json = ?
          WHERE tenant = ? AND name = ? AND revision = ?`,
        workflow,
        revision,
        nextAt ?? null,
        json,
        tenant,
        name,
        expectedRevision,
      );
      return changes === 1;
    });
  }

  async removeSchedule(tenant: string, name: string): Promise<boolean> {
    return this.#database().repeatable(async (session) => {
      return (
        (await session.change("DELETE FROM af_schedules WHERE tenant = ? AND name = ?", tenant, name)) === 1
      );
    });
  }

  async readSchedule(tenant: string, name: string): Promise<ScheduleRow | undefined> {
    const [row] = await this.#database().repeatable((session) =>
      session.rows(`${selectSql} WHERE tenant = ? AND name = ?`, tenant, name),
    );
    return row && rowFrom(row);
  }

  async listSchedules({
    tenant,
    dueUntil,
  }: Parameters<ScheduleStore["listSchedules"]>[0]): Promise<readonly ScheduleRow[]> {
    const due = dueUntil === undefined ? "" : "AND next_at <= ?";
    const rows = await this.#database().repeatable((session) =>
      session.rows(
        `${selectSql} WHERE tenant = ? ${due} ORDER BY name`,
        tenant,
        ...(dueUntil === undefined ? [] : [dueUntil]),
      ),
    );
    return rows.map(rowFrom);
  }
}

const selectSql = "SELECT tenant, name, workflow, revision, next_at, json FROM af_schedules";
const insertSql =
  "INSERT INTO af_schedules (tenant, name, workflow, revision, next_at, json) VALUES (?, ?, ?, ?, ?, ?)";

function rowFrom(values: readonly SqlValue[]): ScheduleRow {
  return {
    tenant: values[0] as string,
    name: values[1] as string,
    workflow: values[2] as string,
    revision: values[3] as number,
    nextAt: (values[4] ?? undefined) as number | undefined,
    json: values[5] as string,
  };
}
