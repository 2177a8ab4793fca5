import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { cacheContract } from "@agentflow/contracts";
import { type CacheScope, sha256Hex } from "@agentflow/core";
import { cacheDirectories } from "./cache-directories.ts";
import { fileCache } from "./file-cache.ts";
import { memoryCache } from "./memory-cache.ts";

const shared: CacheScope = { kind: "shared", tenant: "default" };

async function temporaryFolder(context?: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cache-"));
  context?.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function filesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
}

function onError(error: unknown): never {
  throw error;
}

cacheContract("memory", async () => ({
  cache: memoryCache({ lengthMax: 5_000 }),
  sizeMax: 5_000,
  tick: () => undefined,
  dispose: async () => undefined,
}));

cacheContract("files", async () => {
  const folder = await temporaryFolder();
  const directoryOf = cacheDirectories({
    runsDirectory: join(folder, "runs"),
    cacheDirectory: join(folder, "cache"),
  });
  let time = Date.now();
  return {
    cache: fileCache({ directoryOf, onError, sizeBytesMax: 5_000, now: () => time }),
    sizeMax: 5_000 - 4 * 150,
    tick: () => {
      time += 1_000;
    },
    damage: async (scope, key, how) => {
      const path = join(directoryOf(scope) ?? "", key.slice(0, 2), `${key.slice(2)}.json`);
      if (how === "cut") await truncate(path, (await stat(path)).size - 1);
      else await writeFile(path, (await readFile(path, "utf8")).replace("long", "long!"));
    },
    dispose: () => rm(folder, { recursive: true }),
  };
});

test("an entry copied to the place of another key is a miss", async (context) => {
  const folder = await temporaryFolder(context);
  const cache = fileCache({ directoryOf: () => folder, onError });
  const [one, two] = [sha256Hex("one"), sha256Hex("two")];
  await cache.put(shared, one, "1");
  await cache.put(shared, two, "2");
  const [pathOne, pathTwo] = [one, two].map((key) => join(folder, key.slice(0, 2), `${key.slice(2)}.json`));
  await writeFile(pathTwo ?? "", await readFile(pathOne ?? ""));
  assert.equal(await cache.get(shared, two), undefined);
});

test("the folder stays within its size although another process fills it too", async (context) => {
  const folder = await temporaryFolder(context);
  const caches = [1, 2].map(() => fileCache({ directoryOf: () => folder, onError, sizeBytesMax: 20_000 }));
  for (let round = 0; round < 100; round++) {
    for (const [which, cache] of caches.entries()) {
      await cache.put(shared, sha256Hex(`${round} ${which}`), JSON.stringify("x".repeat(1_000)));
    }
  }
  const sizes = await Promise.all((await filesIn(folder)).map(async (path) => (await stat(path)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // Each process counts its own puts exactly and the other's at the latest when it reaches the limit itself.
  assert.ok(total <= 2 * 20_000, `${total} bytes`);
  assert.deepEqual(
    (await filesIn(folder)).filter((path) => path.endsWith(".tmp")),
    [],
  );
});

test("a scope without a folder is not cached", async () => {
  const cache = fileCache({
    directoryOf: cacheDirectories({ runsDirectory: undefined, cacheDirectory: undefined }),
    onError,
  });
  for (const scope of [shared, { kind: "run", tenant: "default", runId: "run-1" } as const]) {
    await cache.put(scope, "key", "1");
    assert.equal(await cache.get(scope, "key"), undefined);
  }
});

test("errors of the file system are reported and are misses", async (context) => {
  const folder = await temporaryFolder(context);
  const errors: unknown[] = [];
  const cache = fileCache({
    directoryOf: () => join(folder, "file"),
    onError: (error) => errors.push(error),
  });
  await writeFile(join(folder, "file"), "");
  await cache.put(shared, sha256Hex("a"), "1");
  assert.equal(await cache.get(shared, sha256Hex("a")), undefined);
  assert.equal(errors.length, 2);
});

test("a folder in the place of an entry is reported and is a miss", async (context) => {
  const folder = await temporaryFolder(context);
  const errors: unknown[] = [];
  const cache = fileCache({ directoryOf: () => folder, onError: (error) => errors.push(error) });
  const key = sha256Hex("a");
  await mkdir(join(folder, key.slice(0, 2), `${key.slice(2)}.json`), { recursive: true });
  assert.equal(await cache.get(shared, key), undefined);
  assert.equal(errors.length, 1);
});
