import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { type ProcessSource, processStart } from "./process-start.ts";
import { systemHost } from "./system-host.ts";

function sourceOf(platform: NodeJS.Platform, parts: Partial<ProcessSource>): ProcessSource {
  return {
    platform,
    readText: () => undefined,
    output: () => undefined,
    reachable: () => false,
    ...parts,
  };
}

function statLine(name: string, state: string, start: string): string {
  return `7 (${name}) ${state} ${Array.from({ length: 18 }, (_, index) => index).join(" ")} ${start} 0 0\n`;
}

test("a live process is alive under its own start and dead under another one", () => {
  const host = systemHost();
  assert.equal(host.pid, process.pid);
  assert.equal(host.isAlive(host.pid, host.processStart), true);
  assert.equal(host.isAlive(host.pid, `${host.processStart}0`), false);
});

test("a process that was killed is not alive any more", async () => {
  const host = systemHost();
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  const start = processStart(pid) ?? "";
  assert.equal(host.isAlive(pid, start), true);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.equal(host.isAlive(pid, start), false);
});

test("a process whose name holds spaces and parentheses is read right, and a zombie counts as gone", () => {
  const linux = (line: string): ProcessSource =>
    sourceOf("linux", {
      readText: (path) => (path.endsWith("stat") ? line : "01234567-89ab\n"),
    });
  assert.equal(processStart(7, linux(statLine("a (b) c", "S", "4711"))), "01234567:4711");
  assert.equal(processStart(7, linux(statLine("a", "Z", "4711"))), undefined);
  assert.equal(processStart(7, sourceOf("linux", {})), undefined);
});

test("systems without /proc ask ps, and Windows whether the process can be reached", () => {
  const mac = sourceOf("darwin", { output: () => "Fri Nov 20 09:25:12 2026\n" });
  assert.equal(processStart(7, mac), "Fri Nov 20 09:25:12 2026");
  assert.equal(processStart(7, sourceOf("darwin", { output: () => "\n" })), undefined);
  assert.equal(processStart(7, sourceOf("darwin", {})), undefined);
  assert.equal(processStart(7, sourceOf("win32", { reachable: () => true })), "unknown");
  assert.equal(processStart(7, sourceOf("win32", {})), undefined);
});

test("ids made in the same millisecond still sort in the order they were made", () => {
  const host = systemHost();
  const ids = Array.from({ length: 1_000 }, () => host.newId());
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
});
