import { backupStore, restoreStore } from "@agentflow/runtime";

/** What the process is to do. */
export interface BackupProcessSettings {
  readonly action: "backup" | "restore";
  readonly store: string;
  readonly directory: string;
}

// A process that backs up or restores, so that it can be killed on its way.
const { action, store, directory }: BackupProcessSettings = JSON.parse(process.argv[2] ?? "{}");
console.log("begun");
if (action === "backup") await backupStore({ store }, { directory });
else await restoreStore({ store }, { directory, force: true });
console.log("done");
