// Brings package-lock.json up to date with every package.json, complete for every platform: `npm run lock`.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { completeLock } from "./complete-lock.ts";

const root = new URL("..", import.meta.url);
const path = new URL("package-lock.json", root);

const { status } = spawnSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], {
  cwd: fileURLToPath(root),
  stdio: ["ignore", 2, 2],
  shell: process.platform === "win32",
});
if (status === 0) {
  const lock = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(
    path,
    `${JSON.stringify({ ...lock, packages: completeLock(lock.packages) }, undefined, 2)}\n`,
  );
} else process.exitCode = 1;
