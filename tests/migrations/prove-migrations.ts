import type { MigrationKind } from "./migration-database.ts";

/** What a proof found. */
export interface MigrationProof {
  /** The versions that the schema had, in order. */
  readonly steps: readonly number[];
  /** Lines of the schema that are there before or after only. */
  readonly differences: readonly string[];
}

/**
 * Applies every migration, goes `back` versions back (default: all) and up again, and compares tables, columns, types,
 * collations, constraints and indexes (STO-2).
 */
export async function proveMigrations(
  kind: MigrationKind,
  back = kind.migrations.length,
): Promise<MigrationProof> {
  const newest = kind.migrations.length;
  const database = await kind.create();
  try {
    await database.migrate();
    const before = await database.schema();
    const steps = [0, newest];
    for (let version = newest - 1; version >= Math.max(0, newest - back); version--) {
      await database.migrate(version);
      steps.push(await database.version());
    }
    await database.migrate();
    steps.push(await database.version());
    return { steps, differences: differencesOf(before, await database.schema()) };
  } finally {
    await database.drop();
  }
}

function differencesOf(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}
