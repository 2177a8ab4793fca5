import type { OwnerRow, OwnershipStore, RunHead } from "@agentflow/core";
import { headFrom } from "../rows/head-values.ts";
import { checkIdentifier } from "../rows/identifiers.ts";
import { ownerColumns, ownerFrom } from "../rows/owner-values.ts";
import { orphansQuery } from "../sql/wait-queries.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { RunNumbers } from "./run-numbers.ts";
import type { RunReader } from "./run-reader.ts";

/** Owners and who holds which run, over one connection (S20). Each change is one statement. */
export class OwnerTable {
  readonly #statements: PreparedStatements;
  readonly #runs: RunNumbers;
  readonly #reader: RunReader;

  constructor(statements: PreparedStatements, runs: RunNumbers, reader: RunReader) {
    this.#statements = statements;
    this.#runs = runs;
    this.#reader = reader;
  }

  register({ ownerId, host, pid, processStart, counter }: OwnerRow): void {
    checkIdentifier("ownerId", ownerId);
    this.#statements.change(
      "INSERT OR REPLACE INTO af_owners (owner_id, host, pid, process_start, counter) VALUES (?, ?, ?, ?, ?)",
      ownerId,
      host,
      pid,
      processStart,
      counter,
    );
  }

  /** False if there is no such owner. */
  beat(ownerId: string): boolean {
    const sql = "UPDATE af_owners SET counter = counter + 1 WHERE owner_id = ?";
    return this.#statements.change(sql, ownerId) === 1;
  }

  read(ownerId: string): OwnerRow | undefined {
    const values = this.#statements.row(`${selectSql} WHERE owner_id = ?`, ownerId);
    return values && ownerFrom(values);
  }

  list(): readonly OwnerRow[] {
    return this.#statements.rows(selectSql).map(ownerFrom);
  }

  remove(ownerId: string): void {
    this.#statements.change("DELETE FROM af_owners WHERE owner_id = ?", ownerId);
  }

  take(request: Parameters<OwnershipStore["takeRun"]>[0]): RunHead | undefined {
    const run = this.#runs.find(request.tenant, request.runId);
    if (run === undefined) return undefined;
    const changes = this.#statements.change(
      `UPDATE af_runs SET epoch = epoch + 1, owner = ?, recoveries = recoveries + ?
        WHERE rid = ? AND epoch = ? AND owner IS ?`,
      request.ownerId,
      request.recovery,
      run.rid,
      request.expectedEpoch,
      request.expectedOwner ?? null,
    );
    if (changes === 0 && this.#runs.renew(request.tenant, request.runId) !== undefined)
      return this.take(request);
    const head = changes === 1 ? this.#reader.readHead(request.tenant, request.runId) : undefined;
    // Another process may have taken it again between the two statements.
    return head?.epoch === request.expectedEpoch + 1 ? head : undefined;
  }

  listOrphans(request: Parameters<OwnershipStore["listOrphans"]>[0]): readonly RunHead[] {
    if (request.workflows.length === 0) return [];
    const { sql, values } = orphansQuery(request);
    return this.#statements.rows(sql, ...values).map(headFrom);
  }

  release(request: Parameters<OwnershipStore["releaseRun"]>[0]): boolean {
    const run = this.#runs.find(request.tenant, request.runId);
    if (run === undefined) return false;
    const sql = "UPDATE af_runs SET owner = NULL WHERE rid = ? AND owner = ? AND epoch = ?";
    return this.#statements.change(sql, run.rid, request.ownerId, request.epoch) === 1;
  }
}

const selectSql = `SELECT ${ownerColumns} FROM af_owners`;
