import { invariant, MigrationRefusedError, StoreNewerError, StoreOlderError } from "@agentflow/core";
import { type AppliedMigration, type Migration, migrationChecksum } from "./migration.ts";

/** Which way a migration is gone. */
export type MigrationDirection = "up" | "down";

/** One migration gone one way, and the version that the schema has then. */
export interface MigrationMove {
  readonly migration: Migration;
  readonly direction: MigrationDirection;
  readonly statements: readonly string[];
  readonly reached: number;
}

/** A migration gone one way. Throws MigrationRefusedError where it has no way back. */
export function moveOf(migration: Migration, direction: MigrationDirection): MigrationMove {
  const { version, name, up, down } = migration;
  if (direction === "up") return { migration, direction, statements: up, reached: version };
  if ("irreversible" in down) {
    throw new MigrationRefusedError(
      `Migration ${version} ${name} cannot be taken back: ${down.irreversible}.`,
      {
        hint: "Restore a backup that was made before it.",
        context: { version, name },
      },
    );
  }
  return { migration, direction, statements: down, reached: version - 1 };
}

/** The next move from one version towards another. */
export function nextMove(migrations: readonly Migration[], version: number, target: number): MigrationMove {
  const direction = target > version ? "up" : "down";
  const migration = migrations[direction === "up" ? version : version - 1];
  invariant(migration !== undefined, `There is no migration from schema version ${version}.`);
  return moveOf(migration, direction);
}

/** Refuses a target that no migration leads to. */
export function checkTarget(migrations: readonly Migration[], target: number): void {
  invariant(target >= 0 && target <= migrations.length, `There is no schema version ${target}.`);
}

/** Throws StoreNewerError for a schema that this program does not know. */
export function refuseNewer(migrations: readonly Migration[], version: number): void {
  const known = migrations.length;
  if (version <= known) return;
  throw new StoreNewerError(`The store has schema version ${version}; this program knows up to ${known}.`, {
    context: { version, known },
  });
}

/** Throws StoreNewerError or StoreOlderError for a schema that this program cannot work with as it is. */
export function refuseOther(migrations: readonly Migration[], version: number): void {
  refuseNewer(migrations, version);
  const known = migrations.length;
  if (version === known) return;
  throw new StoreOlderError(`The store has schema version ${version}; this program needs ${known}.`, {
    context: { version, known },
  });
}

/** Throws MigrationRefusedError if the database went through other statements than this program has. */
export function checkApplied(migrations: readonly Migration[], applied: readonly AppliedMigration[]): void {
  for (const { version, name, checksum } of applied) {
    const migration = migrations[version - 1];
    if (migration !== undefined && migrationChecksum(migration) === checksum) continue;
    throw new MigrationRefusedError(
      `The database went through a migration ${version} ${name} that this program does not have.`,
      { context: { version, name, checksum } },
    );
  }
}
