import { readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "@agentflow/core";
import { isMissing } from "../files/file-error.ts";
import { makeFolder, replaceFile } from "../files/replace-file.ts";

// Tenants' folders never begin with a dot.
const usersFolder = ".users";
const unknownUser = "unknown";
// Far below the shortest time after which an unused content may go.
const touchEveryMs = 3_600_000;

function nameOf(user: string | undefined): string {
  return user === undefined ? unknownUser : sha256Hex(user).slice(0, 40);
}

/** Writes down that a store keeps the contents of its artifacts in a folder; durable before the first of them is. */
export async function registerUser(directory: string, user: string | undefined): Promise<void> {
  const folder = join(directory, usersFolder);
  const name = nameOf(user);
  if ((await usersOf(directory)).includes(name)) return;
  await makeFolder(folder, { sync: true });
  await replaceFile(join(folder, name), `${user ?? ""}\n`, { sync: true });
}

/** Whether a store is known to be the only one that uses a folder. */
export async function isOnlyUser(directory: string, user: string): Promise<boolean> {
  const users = await usersOf(directory);
  return users.length === 1 && users[0] === nameOf(user);
}

async function usersOf(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(join(directory, usersFolder))).filter((name) => !name.endsWith(".tmp"));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Where a content lies while it is being removed. */
export function goingPath(path: string): string {
  return `${path}.going`;
}

/** Notes that a content is used now; false if it is gone. The time of use is that of access: the content stays as it is. */
export async function touchUsed(path: string, now: number): Promise<boolean> {
  try {
    const { atimeMs, mtime } = await stat(path);
    if (now - atimeMs > touchEveryMs) await utimes(path, now / 1_000, mtime);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
