import type { RetentionPage, RunPlace } from "@agentflow/core";
import type { RetentionSession } from "./retention-database.ts";
import { marks } from "./retention-dialect.ts";
import { hashesIn } from "./run-tables.ts";

/** Hashes of the artifacts that a page of the runs of a tenant has bound, and perhaps others. */
export async function readArtifacts(
  session: RetentionSession,
  request: { readonly tenant: string; readonly after?: RunPlace; readonly limit: number },
): Promise<RetentionPage<string>> {
  const { tenant, after, limit } = request;
  const page = await session.rows(
    "SELECT rid FROM af_runs WHERE tenant = ? AND rid > ? ORDER BY rid LIMIT ?",
    tenant,
    after?.number ?? -1,
    limit,
  );
  const numbers = page.map(([rid]) => rid as number);
  if (numbers.length === 0) return { items: [], next: undefined };
  const items = new Set<string>();
  for (const sql of [
    `SELECT detail FROM af_steps WHERE (detail LIKE '%"artifacts"%' OR detail LIKE '%"inherited"%')`,
    `SELECT seal FROM af_snapshots WHERE seal LIKE '%"artifacts"%'`,
  ]) {
    const rows = await session.rows(`${sql} AND rid IN (${marks(numbers)})`, ...numbers);
    for (const [text] of rows) for (const hash of hashesIn(text)) items.add(hash);
  }
  const last = numbers.at(-1);
  const next = last === undefined || numbers.length < limit ? undefined : { createdAt: 0, number: last };
  return { items: [...items], next };
}
