// Runs a TypeScript entry of this repository from a fresh clone. Plain JavaScript, because it has to work on
// Node 20: it installs what package-lock.json names if that is not there yet, then hands over to the Node that
// was installed with it.
//
//   node scripts/bootstrap.mjs ENTRY [arguments passed on to ENTRY]
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const nodeMajorMin = 24;
const windows = process.platform === "win32";
const installedNode = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");

/** Says what an install has to do: nothing, bring the tree up to the lock file, or build it from scratch. */
function installNeeded() {
  const installedLock = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock) || !existsSync(installedNode)) return "fresh";
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedLock, "utf8")).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || entry.optional) continue;
    const found = installed[path];
    if (found === undefined || found.version !== entry.version) return "update";
  }
  return "none";
}

function install(kind) {
  process.stderr.write("Installing dependencies (once per checkout)...\n");
  const command = kind === "fresh" ? ["ci"] : ["install", "--no-save"];
  // stdout belongs to the entry's data, so npm's report goes to stderr.
  const result = spawnSync("npm", [...command, "--prefer-offline", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: windows,
  });
  if (result.status === 0 && existsSync(installedNode)) return;
  const reason = result.error ? result.error.message : `npm ${command[0]} ended with ${result.status}`;
  process.stderr.write(`The install failed: ${reason}. Mend it, then run the same command again.\n`);
  process.exit(1);
}

function handOver(entry, entryArguments) {
  const child = spawn(installedNode, [entry, ...entryArguments], { stdio: "inherit" });
  // A terminal sends its signals to the whole process group: the entry decides what they mean.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT") child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`${installedNode} did not start: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + (constants.signals[signal] ?? 0));
  });
}

async function main() {
  const [entryPath, ...entryArguments] = process.argv.slice(2);
  if (entryPath === undefined) {
    process.stderr.write("usage: node scripts/bootstrap.mjs ENTRY [arguments]\n");
    process.exit(2);
  }
  const kind = installNeeded();
  if (kind !== "none") install(kind);
  const entry = resolve(root, entryPath);
  if (Number.parseInt(process.versions.node, 10) < nodeMajorMin) {
    handOver(entry, entryArguments);
    return;
  }
  // Already on the right Node: no second process to start.
  process.argv.splice(1, 2, entry);
  await import(pathToFileURL(entry).href);
}

await main();
