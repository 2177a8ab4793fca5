import { ConfigError, ValidationError, withoutPassword } from "@agentflow/core";
import type { AppliedMigration, StoreAdministration } from "@agentflow/store";
import type { EngineOptions } from "./engine-options.ts";
import { systemClock } from "./host/system-clock.ts";
import { systemHost } from "./host/system-host.ts";
import { refuseLivingOwners } from "./living-owners.ts";
import { defaultStore } from "./open-backend.ts";

/** One migration, as the program has it and as the database went through it. */
export interface MigrationEntry {
  readonly version: number;
  readonly name: string;
  /**
   * `unfinished` if a migration did not come to its end, `changed` if the database went through other statements under
   * this version, `unknown` if only it has the version.
   */
  readonly status: "applied" | "pending" | "unfinished" | "changed" | "unknown";
  /** SHA-256 of the program's migration; the database's if the program has none. */
  readonly checksum: string;
  /** When it was applied, in milliseconds since the epoch; undefined if it was not, or before that was kept. */
  readonly appliedAt: number | undefined;
  readonly reversible: boolean;
  /** What taking it back drops for good; undefined if it keeps every row. */
  readonly loses: string | undefined;
}

/** The schema of a store beside what the program needs. */
export interface MigrationStatus {
  /** URL of the store, without its password. */
  readonly store: string;
  /** Version of the schema; 0 where there is none. */
  readonly version: number;
  /** The version that the program reads and writes. */
  readonly newest: number;
  readonly runs: number;
  readonly migrations: readonly MigrationEntry[];
}

/** What {@link migrateStore} did. */
export interface MigrationReport {
  readonly store: string;
  readonly from: number;
  readonly to: number;
  readonly durationMs: number;
}

/** The URL that options name. Throws ConfigError for a back end that was opened elsewhere. */
export function storeUrl({ store = defaultStore }: EngineOptions): string {
  if (typeof store === "string") return store;
  throw new ConfigError("This needs the URL of a store, not an opened back end.", {
    hint: "Close the back end and give its URL.",
  });
}

/** Looks after a store's database and closes the connection after `work`. */
export async function withAdministration<T>(
  url: string,
  work: (administration: StoreAdministration) => Promise<T>,
): Promise<T> {
  const { openAdministration } = await import("@agentflow/store");
  const administration = await openAdministration(url);
  try {
    return await work(administration);
  } finally {
    await administration.close();
  }
}

/**
 * Which migrations a store went through and which are pending (STO-2); changes nothing. Throws ConfigError for a store
 * without a schema, and the StoreErrors of the back end.
 */
export async function migrationStatus(options: EngineOptions): Promise<MigrationStatus> {
  const url = storeUrl(options);
  return withAdministration(url, async (administration) => {
    const { migrations } = administration;
    const version = await administration.version();
    return {
      store: withoutPassword(url),
      version,
      newest: migrations.length,
      runs: await administration.countRuns(),
      migrations: await entriesOf(administration, version),
    };
  });
}

/**
 * Brings the schema of a store to version `to` (default: the newest), up or down (STO-2). Down drops what the
 * migrations in between say; it is refused with StoreInUseError while processes that are alive are registered as owners
 * of runs. Throws ValidationError for a version that does not exist, MigrationRefusedError for a migration without a way
 * back, and the StoreErrors of the back end.
 */
export async function migrateStore(
  options: EngineOptions,
  { to }: { readonly to?: number | undefined } = {},
): Promise<MigrationReport> {
  const url = storeUrl(options);
  const { clock = systemClock, host = systemHost() } = options;
  return withAdministration(url, async (administration) => {
    const target = to ?? administration.migrations.length;
    checkVersion(target, administration.migrations.length);
    const from = await administration.version();
    if (target < from) await refuseLivingOwners({ clock, host, read: () => administration.owners() });
    const begun = clock.monotonic();
    await administration.migrate(target);
    return { store: withoutPassword(url), from, to: target, durationMs: clock.monotonic() - begun };
  });
}

async function entriesOf(
  administration: StoreAdministration,
  version: number,
): Promise<readonly MigrationEntry[]> {
  const { migrationChecksum } = await import("@agentflow/store");
  const applied = new Map((await administration.applied()).map((each) => [each.version, each]));
  const entries = administration.migrations.map((migration): MigrationEntry => {
    const kept = applied.get(migration.version);
    applied.delete(migration.version);
    const checksum = migrationChecksum(migration);
    return {
      version: migration.version,
      name: migration.name,
      status: statusOf(migration.version <= version, checksum, kept),
      checksum,
      appliedAt: kept?.appliedAt,
      reversible: !("irreversible" in migration.down),
      loses: migration.loses,
    };
  });
  const unknown = [...applied.values()].map(
    (kept): MigrationEntry => ({ ...kept, status: "unknown", reversible: false, loses: undefined }),
  );
  return [...entries, ...unknown];
}

function statusOf(
  isApplied: boolean,
  checksum: string,
  kept: AppliedMigration | undefined,
): MigrationEntry["status"] {
  if (kept !== undefined && kept.checksum !== checksum) return "changed";
  if (kept !== undefined && kept.appliedAt === undefined) return "unfinished";
  return isApplied ? "applied" : "pending";
}

function checkVersion(target: number, newest: number): void {
  if (Number.isSafeInteger(target) && target >= 0 && target <= newest) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `There is no schema version ${target}; versions are 0 to ${newest}.`,
    { context: { version: target, newest } },
  );
}
