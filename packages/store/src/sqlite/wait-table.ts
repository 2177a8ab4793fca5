import type { InterruptQuery, OpenInterrupt, WaitStore } from "@agentflow/core";
import { headFrom } from "../rows/head-values.ts";
import { interruptFrom } from "../rows/wait-values.ts";
import { dueQuery, interruptsQuery, nextQuery } from "../sql/wait-queries.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

type DueRequest = Parameters<WaitStore["listDue"]>[0];

/** What runs wait for, over one connection (S13). */
export class WaitTable {
  readonly #statements: PreparedStatements;

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  listDue(request: DueRequest): Awaited<ReturnType<WaitStore["listDue"]>> {
    if (request.workflows.length === 0) return { heads: [], nextAt: undefined };
    const due = dueQuery(request);
    const next = nextQuery(request);
    const heads = this.#statements.rows(due.sql, ...due.values).map(headFrom);
    const nextAt = this.#statements.row(next.sql, ...next.values)?.[0];
    return { heads, nextAt: nextAt as number | undefined };
  }

  listInterrupts(query: InterruptQuery): readonly OpenInterrupt[] {
    // As UTF-8, every lone surrogate is the same replacement character: such a tenant would match another.
    if (!query.tenant.isWellFormed()) return [];
    const { sql, values } = interruptsQuery(query, "key");
    return this.#statements.rows(sql, ...values).map(interruptFrom);
  }
}
