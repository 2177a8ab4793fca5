import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { failureReason } from "./measure/failure-reason.ts";

/** Installs what the lock of a folder names and is not there. A peer that stays away is named by the report. */
export function installPeers(folder: string): void {
  const wanted = packagesOf(join(folder, "package-lock.json"));
  const installed = packagesOf(join(folder, "node_modules/.package-lock.json"));
  const missing = Object.entries(wanted).filter(
    ([path, { version, optional }]) =>
      path !== "" && optional !== true && installed[path]?.version !== version,
  );
  if (missing.length === 0) return;
  try {
    // npm leaves out what is optional and not made for the Node that it runs on itself, which is the first of the path.
    const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
    execFileSync("npm", ["ci"], { cwd: folder, stdio: "inherit", env: { ...process.env, PATH } });
  } catch (error) {
    process.stderr.write(`The install of the peers failed: ${failureReason(error)}\n`);
  }
}

function packagesOf(lockPath: string): Readonly<Record<string, { version?: string; optional?: boolean }>> {
  return existsSync(lockPath) ? JSON.parse(readFileSync(lockPath, "utf8")).packages : {};
}
