import { startCommit } from "@agentflow/contracts";
import { openSqlite } from "./open-sqlite.ts";

/** Commits at `strict`, opens another store, and ends without closing either. */
const path = process.argv[2] ?? "";
const backend = await openSqlite({ path, durability: "strict" });
await backend.runs.commit([startCommit()]);
await openSqlite({ path: `${path}-unused`, durability: "strict" });
