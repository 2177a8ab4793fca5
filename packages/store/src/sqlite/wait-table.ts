import type { InterruptQuery, OpenInterrupt, RestedRun, WaitStore } from "@agentflow/core";
import { headFrom } from "../rows/head-values.ts";
import { interruptFrom } from "../rows/wait-values.ts";
import { dueQuery, interruptsQuery, nextQuery } from "../sql/wait-queries.ts";
import type { InboxTable } from "./inbox-table.ts";
import type { OwnerTable } from "./owner-table.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { RunNumbers } from "./run-numbers.ts";
import type { RunReader } from "./run-reader.ts";

type DueRequest = Parameters<WaitStore["listDue"]>[0];

/** What runs that wait are read and taken with. */
export interface WaitTableParts {
  readonly statements: PreparedStatements;
  readonly runs: RunNumbers;
  readonly reader: RunReader;
  readonly owners: OwnerTable;
  readonly inbox: InboxTable;
}

/** What runs wait for, over one connection (S13). */
export class WaitTable {
  readonly #parts: WaitTableParts;
  readonly #statements: PreparedStatements;

  constructor(parts: WaitTableParts) {
    this.#parts = parts;
    this.#statements = parts.statements;
  }

  listDue(request: DueRequest): Awaited<ReturnType<WaitStore["listDue"]>> {
    if (request.workflows.length === 0) return { heads: [], nextAt: undefined };
    const due = dueQuery(request);
    const next = nextQuery(request);
    const heads = this.#statements.rows(due.sql, ...due.values).map(headFrom);
    const nextAt = this.#statements.row(next.sql, ...next.values)?.[0];
    return { heads, nextAt: nextAt as number | undefined };
  }

  /** To be called inside a transaction. */
  takeRested({ tenant, runs, ownerId }: Parameters<WaitStore["takeRested"]>[0]): readonly RestedRun[] {
    const { owners, reader, inbox } = this.#parts;
    const taken: RestedRun[] = [];
    for (const { runId, epoch } of runs) {
      const expected = { expectedEpoch: epoch, expectedOwner: undefined, recovery: 0 } as const;
      const head = owners.take({ tenant, runId, ownerId, ...expected });
      const run = this.#parts.runs.find(tenant, runId);
      if (head === undefined || run === undefined) continue;
      taken.push({
        head,
        started: reader.readStarted(run.rid),
        root: reader.readScope({ tenant, runId, scope: "", from: "snapshot" }),
        inbox: inbox.read(tenant, runId, 0),
      });
    }
    return taken;
  }

  listInterrupts(query: InterruptQuery): readonly OpenInterrupt[] {
    // As UTF-8, every lone surrogate is the same replacement character: such a tenant would match another.
    if (!query.tenant.isWellFormed()) return [];
    const { sql, values } = interruptsQuery(query, "key");
    return this.#statements.rows(sql, ...values).map(interruptFrom);
  }
}
