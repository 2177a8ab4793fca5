import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileError } from "../files/file-error.ts";
import { makeFolder } from "../files/replace-file.ts";

/** Size and SHA-256 of a file's content. */
export interface HashedContent {
  readonly sizeBytes: number;
  readonly sha256: string;
}

type Step = NodeJS.ReadWriteStream;

/** Writes what comes out of `steps` to a new file, synced to the disk, and hashes it on the way. */
export async function writeHashed(
  path: string,
  source: NodeJS.ReadableStream,
  steps: readonly Step[] = [],
): Promise<HashedContent> {
  const [hashing, hashed] = hashingStep();
  try {
    await makeFolder(dirname(path), { sync: false });
    const target = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
    await pipeline([source, ...steps, hashing, target]);
  } catch (error) {
    throw fileError(error, path);
  }
  return hashed();
}

/** Size and SHA-256 of a file. */
export async function hashFile(path: string): Promise<HashedContent> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  } catch (error) {
    throw fileError(error, path);
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}

/** Syncs a file to the disk. */
export async function syncFile(path: string): Promise<void> {
  await using handle = await open(path, "r+");
  await handle.sync();
}

function hashingStep(): [Transform, () => HashedContent] {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const step = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  return [step, () => ({ sizeBytes, sha256: hash.digest("hex") })];
}
