import type { RunCommit } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { CommitUnit } from "./commit-units.ts";
import type { SqlSession } from "./sql-database.ts";

const knownMax = 1_000;

/** Stores each definition once, with a memory of those stored last. */
export class DefinitionTable {
  readonly #insertSql: string;
  readonly #known = new Set<string>();

  /** `insertSql` inserts tenant, fingerprint and JSON, unless they are there. */
  constructor(insertSql: string) {
    this.#insertSql = insertSql;
  }

  /** The definitions that these units are the first to need. */
  missing(units: readonly CommitUnit[]): readonly RunCommit[] {
    const first = new Map<string, RunCommit>();
    for (const { commit } of units) {
      if (commit.create === undefined) continue;
      const key = keyOf(commit);
      if (!this.#known.has(key)) first.set(key, commit);
    }
    return [...first.values()];
  }

  async store(session: SqlSession, commits: readonly RunCommit[]): Promise<void> {
    for (const commit of commits) {
      const { tenant, create } = commit;
      if (create === undefined) continue;
      await session.change(this.#insertSql, tenant, create.origin.fingerprint, create.definition);
      if (this.#known.size >= knownMax) this.#known.clear();
      this.#known.add(keyOf(commit));
    }
  }
}

function keyOf({ tenant, create }: RunCommit): string {
  return runKey(tenant, create?.origin.fingerprint ?? "");
}
