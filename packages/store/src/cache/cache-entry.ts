import { sha256Hex } from "@agentflow/core";

const mark = "af-cache-1";

/** The file of a cached value: a line with a mark, the key and the SHA-256 of the JSON, then the JSON. */
export function formatCacheEntry(key: string, json: string): string {
  return `${mark} ${key} ${sha256Hex(json)}\n${json}`;
}

/** The JSON of a cache file, or undefined if it is torn, changed, of another key, or no cache file. */
export function readCacheEntry(key: string, text: string): string | undefined {
  const end = text.indexOf("\n");
  const json = text.slice(end + 1);
  return end !== -1 && text.slice(0, end) === `${mark} ${key} ${sha256Hex(json)}` ? json : undefined;
}
