import { BackupInvalidError, StoreUnavailableError } from "@agentflow/core";
import type { Migration } from "../migrations/migration.ts";
import { refuseNewer } from "../migrations/migration-plan.ts";
import type { BackupFile, BackupKind, BackupManifest } from "./backup-manifest.ts";

/** What a database was written to. */
export interface DumpedDatabase {
  readonly file: BackupFile;
  readonly schemaVersion: number;
  readonly tables: Readonly<Record<string, number>>;
  readonly madeWith: string;
  readonly schema: string;
}

/** What a restore is asked for. */
export interface RestoreRequest {
  readonly url: string;
  /** The folder of the backup, whose files were checked. */
  readonly directory: string;
  readonly manifest: BackupManifest;
  /** Replace what the store holds. */
  readonly force: boolean;
}

/** How one kind of store is written to a backup and taken from it (STO-6). Throws store errors. */
export interface DatabaseBackup {
  readonly kind: BackupKind;
  /** The schema versions that this program knows. */
  readonly migrations: readonly Migration[];
  /** The file of a backup that holds the database. */
  readonly fileName: string;
  /**
   * Writes one state of the database to a file of the folder, whatever is committed meanwhile. `tables` names tables
   * that are not AgentFlow's own and belong to the same state.
   */
  dump(request: {
    readonly url: string;
    readonly directory: string;
    readonly tables: readonly string[];
  }): Promise<DumpedDatabase>;
  /**
   * Puts the database of a backup in place, whole or not at all, fenced against processes from before. Its schema is
   * brought up to date. Throws StoreNotEmptyError for a store that holds something, unless told to replace it.
   */
  restore(request: RestoreRequest): Promise<void>;
}

/** Throws unless a database holds a store that this program knows. */
export function refuseUnknownSchema(migrations: readonly Migration[], version: number, place: string): void {
  refuseNewer(migrations, version);
  if (version > 0) return;
  throw new StoreUnavailableError(`${place} holds no store of AgentFlow.`, {
    hint: "Name the store with --store.",
  });
}

/** Throws BackupInvalidError unless each table has the rows that the manifest tells. */
export function checkCounts(
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): void {
  const differing = Object.keys({ ...expected, ...found }).filter((name) => expected[name] !== found[name]);
  if (differing.length === 0) return;
  const told = differing.map(
    (name) => `${name} ${found[name] ?? "missing"} instead of ${expected[name] ?? 0}`,
  );
  throw new BackupInvalidError(
    `The database of the backup does not hold the rows that the manifest tells: ${told.join(", ")}.`,
    {
      context: { tables: differing },
    },
  );
}
