import assert from "node:assert/strict";
import { mkdtemp, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { collectArtifacts } from "./collect-artifacts.ts";
import { type FileArtifactsOptions, fileArtifacts } from "./file-artifacts.ts";

const tenant = "default";
const dayMs = 86_400_000;
const now = Date.now();

async function folderOf(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "artifacts-gc-"));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, "artifacts");
}

/** Stores a content that was used so many days ago. */
async function stored(options: FileArtifactsOptions, text: string, daysAgo: number): Promise<string> {
  const { sha256 } = await fileArtifacts({ user: "a", ...options }).put(tenant, Buffer.from(text));
  const seconds = (now - daysAgo * dayMs) / 1_000;
  await utimes(pathOf(options.directory, sha256), seconds, seconds);
  return sha256;
}

function pathOf(directory: string, sha256: string): string {
  return join(directory, tenant, sha256.slice(0, 2), sha256.slice(2));
}

function collect(
  directory: string,
  bound: readonly string[],
  dryRun = false,
  meanwhile?: () => Promise<void>,
) {
  return collectArtifacts({
    directory,
    tenant,
    user: "a",
    unusedBefore: now - 7 * dayMs,
    dryRun,
    withoutBound: async (hashes) => {
      for (const hash of bound) hashes.delete(hash);
      await meanwhile?.();
    },
  });
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(join(directory, tenant), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test("contents that no run has bound go after a week, and no others", async (context) => {
  const directory = await folderOf(context);
  const unused = await stored({ directory }, "unused", 8);
  const bound = await stored({ directory }, "bound", 30);
  const fresh = await stored({ directory }, "fresh", 6);
  assert.deepEqual(await collect(directory, [bound], true), { kind: "collected", files: 1, sizeBytes: 6 });
  assert.equal((await filesIn(directory)).length, 3);
  assert.deepEqual(await collect(directory, [bound]), { kind: "collected", files: 1, sizeBytes: 6 });
  const artifacts = fileArtifacts({ directory, user: "a" });
  const there = await Promise.all([unused, bound, fresh].map((hash) => artifacts.has(tenant, hash)));
  assert.deepEqual(there, [false, true, true]);
  assert.deepEqual(await collect(directory, [bound]), { kind: "collected", files: 0, sizeBytes: 0 });
});

test("a folder that another store uses too, or may use, is left alone", async (context) => {
  for (const user of ["b", undefined]) {
    const directory = await folderOf(context);
    const hash = await stored({ directory }, "unused", 8);
    await fileArtifacts({ directory, user }).put(tenant, Buffer.from("theirs"));
    assert.deepEqual(await collect(directory, []), { kind: "shared" });
    assert.ok(await fileArtifacts({ directory, user: "a" }).has(tenant, hash));
  }
  const directory = await folderOf(context);
  await stored({ directory }, "unused", 8);
  await rm(join(directory, ".users"), { recursive: true });
  assert.deepEqual(await collect(directory, []), { kind: "shared" });
});

test("storing a content again keeps it, before it is looked at and until it is gone", async (context) => {
  const directory = await folderOf(context);
  const hash = await stored({ directory }, "again", 8);
  const artifacts = fileArtifacts({ directory, user: "a" });
  const putAgain = async (): Promise<void> => {
    await artifacts.put(tenant, Buffer.from("again"));
  };
  await collect(directory, [], false, putAgain);
  assert.ok(await artifacts.has(tenant, hash));
  assert.deepEqual(await filesIn(directory), [hash.slice(2)]);
});

test("a content that lost its name when the collector died gets it back", async (context) => {
  const directory = await folderOf(context);
  const hash = await stored({ directory }, "half gone", 8);
  const path = pathOf(directory, hash);
  await rename(path, `${path}.going`);
  assert.ok(await fileArtifacts({ directory, user: "a" }).has(tenant, hash), "it is read meanwhile");
  await collect(directory, [hash]);
  assert.deepEqual(await filesIn(directory), [hash.slice(2)]);
  await rename(path, `${path}.going`);
  await fileArtifacts({ directory, user: "a" }).put(tenant, Buffer.from("half gone"));
  await collect(directory, [hash]);
  assert.deepEqual(await filesIn(directory), [hash.slice(2)]);
});

test("many that store and collect at once lose nothing that was stored", async (context) => {
  const directory = await folderOf(context);
  const artifacts = fileArtifacts({ directory, user: "a" });
  for (let round = 0; round < 40; round++) {
    const hash = await stored({ directory }, "contested", 8);
    const collections = [1, 2].map(() => collect(directory, []));
    const puts = [1, 2].map(() => artifacts.put(tenant, Buffer.from("contested")));
    await Promise.all([...collections, ...puts]);
    assert.ok(await artifacts.has(tenant, hash), `round ${round}`);
  }
});

test("a folder that is not there, and files of others in it, are no trouble", async (context) => {
  const directory = await folderOf(context);
  assert.deepEqual(await collect(directory, []), { kind: "collected", files: 0, sizeBytes: 0 });
  await stored({ directory }, "unused", 8);
  await writeFile(join(directory, tenant, "README"), "mine");
  await assert.rejects(collect(directory, []), { code: "AF_STORE_UNAVAILABLE" });
});
