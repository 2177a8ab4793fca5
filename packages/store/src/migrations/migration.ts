import { canonicalJson, sha256Hex } from "@agentflow/core";

/**
 * One step of the schema (STO-2). Every store has each version, under the same name; where a store has nothing to do,
 * its lists are empty. A migration that was released is never edited: its checksum is kept in `checksums.json`.
 */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  /** What it brings, in kebab case. */
  readonly name: string;
  readonly up: readonly string[];
  /** The way back, or why there is none. */
  readonly down: readonly string[] | { readonly irreversible: string };
  /** What the way back drops for good, as people say it; undefined when every row that was there before `up` is kept. */
  readonly loses?: string;
}

/** What a database says of a migration that it went through, or is on its way through. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  /** Milliseconds since the epoch; undefined while it has not come to its end. */
  readonly appliedAt: number | undefined;
}

/** SHA-256 over everything of a migration that a database sees. */
export function migrationChecksum({ version, name, up, down }: Migration): string {
  const back = "irreversible" in down ? { irreversible: down.irreversible } : down;
  return sha256Hex(canonicalJson({ version, name, up, down: back }));
}

/** The tables that a schema of a version consists of, as the migrations up to it make and drop them. */
export function tablesOfSchema(migrations: readonly Migration[], version: number): readonly string[] {
  const tables = new Set<string>();
  for (const { up } of migrations.slice(0, version)) {
    for (const statement of up) {
      const [, verb, name] = /^\s*(CREATE|DROP) TABLE (?:IF (?:NOT )?EXISTS )?(\w+)/i.exec(statement) ?? [];
      if (name === undefined) continue;
      if (verb?.toUpperCase() === "CREATE") tables.add(name);
      else tables.delete(name);
    }
  }
  return [...tables].sort();
}
