import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "@agentflow/core";
import { historiesFolder } from "./recorded-workflow.ts";

/** Where the hash of each history stands, in the format of sha256sum. */
export const hashesFile = join(historiesFolder, "sha256sums.txt");

/** Reads a list of hashes: name to SHA-256. */
export function readHashes(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [, sha256 = "", name = ""] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
      return [name, sha256];
    }),
  );
}

/** Names of the histories in the folder. */
export function historyFiles(): readonly string[] {
  return readdirSync(historiesFolder).filter((name) => name.endsWith(".jsonl"));
}

/** What does not agree between the list and the files: a history is neither changed nor removed nor left off the list. */
export function changedHistories(
  hashes: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const changed = [...hashes].flatMap(([name, sha256]) => {
    const text = files.get(name);
    if (text === undefined) return [`${name} was removed`];
    return sha256Hex(text) === sha256 ? [] : [`${name} was changed`];
  });
  const unlisted = [...files.keys()].filter((name) => !hashes.has(name));
  return [...changed, ...unlisted.map((name) => `${name} is not in the list`)];
}

/** The text of a history. */
export function readHistory(name: string): string {
  return readFileSync(join(historiesFolder, name), "utf8");
}
