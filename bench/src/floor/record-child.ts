import { mkdirSync, writeFileSync } from "node:fs";
import { serialize } from "node:v8";
import { loadSystem } from "../systems/catalogue.ts";
import type { Workload } from "../workloads/workload.ts";
import { recordStatements } from "./record-statements.ts";
import type { StatementLog } from "./statement-log.ts";

const [workloadJson = "", directory = "", logPath = ""] = process.argv.slice(2);
const workload = JSON.parse(workloadJson) as Workload;

const calls = recordStatements();
mkdirSync(directory, { recursive: true });
const system = await loadSystem("agentflow-sqlite-normal", undefined);
const session = await system.open(directory);
await session.run({ kind: "loop", steps: 1, append: false });
const setup = calls.splice(0);
await session.run(workload);
const log: StatementLog = { setup, measured: calls.splice(0) };
await session.close();
writeFileSync(logPath, serialize(log));
