import type { InterruptQuery, OpenInterrupt, RestedRun, WaitStore } from "@agentflow/core";
import { headFrom } from "../rows/head-values.ts";
import { interruptFrom } from "../rows/wait-values.ts";
import type { ServerStore } from "./server-store.ts";
import { takeRested } from "./take-rested.ts";
import { dueQuery, interruptsQuery, nextQuery } from "./wait-queries.ts";

/** What runs wait for, on a database server (S13). */
export class ServerWaits implements WaitStore {
  readonly #store: ServerStore;

  constructor(store: ServerStore) {
    this.#store = store;
  }

  async listDue(request: Parameters<WaitStore["listDue"]>[0]): ReturnType<WaitStore["listDue"]> {
    if (request.workflows.length === 0) return { heads: [], nextAt: undefined };
    const due = dueQuery(request);
    const next = nextQuery(request);
    return this.#store.database.repeatable(async (session) => {
      const heads = (await session.rows(due.sql, ...due.values)).map(headFrom);
      const [soonest] = await session.rows(next.sql, ...next.values);
      return { heads, nextAt: soonest?.[0] as number | undefined };
    });
  }

  async takeRested(request: Parameters<WaitStore["takeRested"]>[0]): Promise<readonly RestedRun[]> {
    if (request.runs.length === 0) return [];
    let tries = 0;
    return this.#store.database.repeatableTransaction((session) => {
      tries += 1;
      return takeRested(session, request, tries > 1);
    });
  }

  async listInterrupts(query: InterruptQuery): Promise<readonly OpenInterrupt[]> {
    const { sql, values } = interruptsQuery(query, "topic");
    const found = await this.#store.database.search((session) => session.rows(sql, ...values));
    return found.map(interruptFrom);
  }
}
