import type { SqlValue } from "@agentflow/core";
import type { PreparedStatements } from "./prepared-statements.ts";

/** The statements that page through one table of a run's rows in event order. */
export interface Pages {
  readonly nextScope: string;
  readonly last: string;
  readonly anyAfter: string;
  readonly firstFrom: string;
  readonly page: string;
  readonly scan: string;
}

/** Statements for a table with the columns rid, scope, superstep and event. */
export function pagesOf(table: string, columns: string): Pages {
  return {
    nextScope: `SELECT scope FROM ${table} WHERE rid = ? AND scope >= ? ORDER BY scope LIMIT 1`,
    last: `SELECT max(superstep) FROM ${table} WHERE rid = ? AND scope = ?`,
    anyAfter: `SELECT 1 FROM ${table} WHERE rid = ? AND scope = ? AND superstep = ? AND event > ? LIMIT 1`,
    firstFrom: `SELECT superstep, event FROM ${table} WHERE rid = ? AND scope = ? AND superstep >= ?
      ORDER BY superstep LIMIT 1`,
    page: `SELECT ${columns} FROM ${table} WHERE rid = ? AND scope = ? AND superstep >= ? AND event > ?
      ORDER BY superstep, event LIMIT ?`,
    scan: `SELECT ${columns} FROM ${table} WHERE rid = ? AND scope = ? AND event > ? ORDER BY event LIMIT ?`,
  };
}

/** Which rows are asked for: those whose first event is above `afterEvent`. */
export interface Page {
  readonly rid: number;
  readonly afterEvent: number;
  readonly limit: number;
}

/**
 * Holds the first `limit` rows of the run after an event, grouped by scope. There is no index over events, which
 * would cost each commit a page: a scope seals a superstep before any row of the next one commits (S2), so events
 * grow from superstep to superstep and the start can be searched by halves. The supersteps of a flow are its calls,
 * which end in any order: the rows of its scope are looked through.
 */
export function rowsAfter(
  statements: PreparedStatements,
  pages: Pages,
  { rid, afterEvent, limit }: Page,
): readonly (readonly SqlValue[])[] {
  const found: (readonly SqlValue[])[] = [];
  let scope = statements.row(pages.nextScope, rid, "")?.[0] as string | undefined;
  while (scope !== undefined) {
    const last = statements.row(pages.last, rid, scope)?.[0] as number;
    if (!hasOrder(statements, rid, scope)) {
      found.push(...statements.rows(pages.scan, rid, scope, afterEvent, limit));
    } else if (statements.row(pages.anyAfter, rid, scope, last, afterEvent) !== undefined) {
      const start = firstSuperstep(statements, pages, { rid, scope, last, afterEvent });
      found.push(...statements.rows(pages.page, rid, scope, start, afterEvent, limit));
    }
    // The smallest text above a text is that text followed by NUL.
    scope = statements.row(pages.nextScope, rid, `${scope}\0`)?.[0] as string | undefined;
  }
  return found;
}

const firstOutcome =
  "SELECT detail FROM af_steps WHERE rid = ? AND scope = ? ORDER BY superstep, ordinal LIMIT 1";

/** Whether events grow from superstep to superstep: not known without an outcome, and not so where they answer calls. */
function hasOrder(statements: PreparedStatements, rid: number, scope: string): boolean {
  if (scope === "") return true;
  const first = statements.row(firstOutcome, rid, scope);
  return first !== undefined && (typeof first[0] !== "string" || !first[0].includes('"call":'));
}

interface Search {
  readonly rid: number;
  readonly scope: string;
  readonly last: number;
  readonly afterEvent: number;
}

/** A superstep at or before the first one with a row after the event. */
function firstSuperstep(statements: PreparedStatements, pages: Pages, search: Search): number {
  const { rid, scope, last, afterEvent } = search;
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    const [superstep, event] = statements.row(pages.firstFrom, rid, scope, middle) as [number, number];
    // A row at or before the event clears every superstep below its own.
    if (event <= afterEvent) low = superstep;
    else high = middle - 1;
  }
  return low;
}
