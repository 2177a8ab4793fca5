import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { serverVersions } from "../servers/server-versions.ts";
import type { Machine } from "./result.ts";

const peerPackages = [
  "@langchain/langgraph",
  "@langchain/langgraph-checkpoint-sqlite",
  "better-sqlite3",
  "@langchain/langgraph-checkpoint-postgres",
  "@dbos-inc/dbos-sdk",
  "@mastra/core",
  "@mastra/libsql",
  "@restatedev/restate-sdk",
  "@restatedev/restate-server",
];

/** The machine, the versions and the load it starts with. */
export async function describeMachine(): Promise<Machine> {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadAverage: Number(loadavg()[0]?.toFixed(2)),
    node: process.version,
    sqlite: process.versions["sqlite"] ?? "unknown",
    servers: await serverVersions(),
    peers: Object.fromEntries(peerPackages.map((name) => [name, installedVersion(name)])),
    commit: execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim(),
  };
}

function installedVersion(name: string): string {
  const path = fileURLToPath(new URL(`../../node_modules/${name}/package.json`, import.meta.url));
  if (!existsSync(path)) return "not installed";
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { readonly version: string };
  return version;
}
