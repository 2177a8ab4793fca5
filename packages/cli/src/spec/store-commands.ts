import { finishedStatuses } from "@agentflow/core";
import type { CommandSpec } from "./command-spec.ts";
import { runsDirectoryOption, storeOption, tenantOption } from "./shared-options.ts";

const migrate: CommandSpec = {
  name: "migrate",
  summary: "Bring the schema of the store up to date, take it back, or show it",
  describes: [
    "A SQLite file is migrated when it is opened, and an empty database gets its tables then; a schema that is there on a server is changed by this command only. status shows each migration with checksum and time. Processes that migrate at once wait for each other, and what ended on the way is finished first.",
    "down takes back one migration, or as many as --steps or --to say. It drops rows, so it says which and asks for --yes. It is refused while processes that are alive are registered with the store.",
  ],
  arguments: [{ name: "action", describes: "up, down or status.", completes: ["up", "down", "status"] }],
  options: [
    { name: "to", value: "version", describes: "The version to go to; 0 is a database without tables." },
    { name: "steps", value: "count", describes: "How many migrations to go." },
    { name: "yes", describes: "Drop what going down drops." },
    storeOption,
  ],
  examples: [
    { line: "af migrate status", does: "What was applied and what is pending." },
    { line: "af migrate up --store postgres://af@db/prod", does: "Before the first start of a new version." },
    { line: "af migrate down --steps 1 --yes", does: "Take the newest migration back." },
  ],
  load: async () => (await import("../commands/migrate.ts")).migrate,
};

const backup: CommandSpec = {
  name: "backup",
  summary: "Copy the store and its artifacts into a folder, while runs go on",
  describes: [
    "The folder holds one state of the store: SQLite is copied as a file, PostgreSQL by pg_dump, MySQL and MariaDB by mariadb-dump or mysqldump, which have to be on the PATH. The manifest tells version, time, rows of each table, and size and SHA-256 of each file.",
    "The folder gets its name when it is whole; one that ends in .partial- and some letters was not finished.",
  ],
  arguments: [],
  options: [
    { name: "to", value: "folder", completes: "directory", describes: "Where to; made here, or empty." },
    {
      name: "table",
      value: "name",
      repeatable: true,
      describes:
        "On a server: also this table, such as one that ctx.tx writes; may be given several times. A copy of a SQLite file has them all.",
    },
    storeOption,
  ],
  examples: [
    { line: "af backup --to backups/monday", does: "Back up the store of this folder." },
    {
      line: "af backup --store postgres://af@db/prod --table payments --to backups/monday",
      does: "A server's store and a table of your own.",
    },
  ],
  load: async () => (await import("../commands/backup.ts")).backup,
};

const restore: CommandSpec = {
  name: "restore",
  summary: "Put a backup in the place of the store",
  describes: [
    "Each file is compared with the manifest before anything changes. The database changes at once or not at all, its rows are counted, and its schema is brought up to date.",
    "It is refused if the store holds something, or while processes that are alive are registered with it. Restored runs have no owner: go on with af resume. What a process from before the restore commits later is refused as fenced.",
  ],
  arguments: [{ name: "backup", describes: "The folder of the backup.", completes: "directory" }],
  options: [
    { name: "force", describes: "Replace what the store holds, also while processes use it." },
    { name: "check", describes: "Only compare the files with the manifest; no store is touched." },
    storeOption,
  ],
  examples: [
    { line: "af restore backups/monday --check", does: "Is this backup whole?" },
    { line: "af restore backups/monday --store sqlite:again.db", does: "Into a new file." },
    { line: "af restore backups/monday --force", does: "In the place of the store of this folder." },
  ],
  load: async () => (await import("../commands/restore.ts")).restore,
};

const gc: CommandSpec = {
  name: "gc",
  summary: "Remove what the store does not need, and finished runs by age and number",
  describes: [
    "Without options only what is redundant goes: snapshots that newer ones follow, rows of processes that are dead, contents of artifacts that no run has bound for a week, cached results that nobody has used for a month. Runs, and their canonical logs, stay as they are.",
    "Finished runs go whole with --older-than, --keep or both: a run goes when neither keeps it. With --history-older-than only what led to their result goes. Unfinished runs stay, and so do runs that no export has taken, unless --unexported is given. The settings keepRunsDays, keepNewestRuns, keepHistoryDays, removedStatuses and removeUnexported say the same for every time.",
    "Runs may go on meanwhile; ending the command anywhere, or running it twice at once, does no harm. Bytes are those of what the rows hold. A SQLite file keeps its size: the space is used for new runs, or given back by --vacuum, during which nobody can write.",
  ],
  arguments: [],
  options: [
    { name: "dry-run", describes: "Only tell what would go." },
    { name: "older-than", value: "age", describes: "Finished runs that ended before, such as 30d or 12h." },
    { name: "keep", value: "count", describes: "The newest so many finished runs stay, however old." },
    {
      name: "history-older-than",
      value: "age",
      describes: "Histories of runs that succeeded or were cancelled before; their result stays.",
    },
    {
      name: "status",
      value: "status",
      choices: finishedStatuses,
      repeatable: true,
      describes: "Only finished runs of this status; may be given several times.",
    },
    { name: "unexported", describes: "Also runs that no export has taken." },
    { name: "vacuum", describes: "Give the free space of a SQLite file back to the file system." },
    storeOption,
    tenantOption,
    runsDirectoryOption,
  ],
  examples: [
    {
      line: "af gc --older-than 30d --unexported --dry-run",
      does: "What would go of the runs of last month.",
    },
    {
      line: "af gc --older-than 30d --keep 1000 --unexported",
      does: "The same, but the newest thousand stay.",
    },
    { line: "af gc --history-older-than 7d --status succeeded", does: "Keep only results after a week." },
  ],
  load: async () => (await import("../commands/gc.ts")).gc,
};

/** Commands about the store as a whole. */
export const storeCommands: readonly CommandSpec[] = [gc, migrate, backup, restore];
