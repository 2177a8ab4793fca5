import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import { openSqlite } from "../../../packages/store/src/index.ts";
import { openAgentFlow } from "../systems/agentflow.ts";
import type { Workload } from "../workloads/workload.ts";
import { RecordingDatabase } from "./recording-database.ts";
import type { RecordedCall, StatementLog } from "./statement-log.ts";

const [workloadJson = "", directory = "", logPath = ""] = process.argv.slice(2);
const workload = JSON.parse(workloadJson) as Workload;

mkdirSync(directory, { recursive: true });
const calls: RecordedCall[] = [];
const store = await openSqlite({
  path: join(directory, "agentflow.db"),
  openDatabase: (path) => new RecordingDatabase(path, calls),
});
const session = await openAgentFlow({ store });
await session.run({ kind: "loop", steps: 1, append: false });
const setup = calls.splice(0);
await session.run(workload);
const log: StatementLog = { setup, measured: calls.splice(0) };
await session.close();
await store.runs.close();
writeFileSync(logPath, serialize(log));
