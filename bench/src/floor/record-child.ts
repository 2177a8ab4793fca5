import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { agentFlow, type Durability } from "../systems/agentflow.ts";
import type { Workload } from "../workloads/workload.ts";
import { recordedCalls } from "./recorder.ts";
import { type FloorStore, nowMs, type ServerCall, type SqliteCall, splitCalls } from "./statement-log.ts";

const [workloadJson = "", durability = "", directory = "", logPath = ""] = process.argv.slice(2);
const store = process.env["FLOOR_STORE"] as FloorStore;
const workload = JSON.parse(workloadJson) as Workload;

mkdirSync(directory, { recursive: true });
const system = agentFlow({ store, durability: durability as Durability, runDirectory: false });
const session = await system.open(directory);
await session.run(workload);
const measuredAt = nowMs();
await session.run(workload);
const endedAt = nowMs();
await session.close();

const ofThreads = readdirSync(directory)
  .filter((name) => name.endsWith(".calls"))
  .flatMap((name) => deserialize(readFileSync(join(directory, name))) as SqliteCall[]);
const calls = [...recordedCalls, ...ofThreads].filter(({ at }) => at < endedAt);
writeFileSync(logPath, serialize({ store, ...splitCalls<SqliteCall | ServerCall>(calls, measuredAt) }));
