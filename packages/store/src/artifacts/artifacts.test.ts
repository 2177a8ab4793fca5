import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { artifactContract } from "@agentflow/contracts";
import { StoreFailedError, StoreFullError, StoreReadOnlyError, StoreUnavailableError } from "@agentflow/core";
import { fileError } from "../files/file-error.ts";
import { fileArtifacts } from "./file-artifacts.ts";
import { memoryArtifacts } from "./memory-artifacts.ts";

artifactContract("memory", async () => ({ artifacts: memoryArtifacts(), dispose: async () => undefined }));

artifactContract("files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "artifacts-"));
  const directory = join(folder, "deep", "artifacts");
  return {
    artifacts: fileArtifacts({ directory }),
    reopen: async () => fileArtifacts({ directory }),
    damage: (tenant, sha256) =>
      writeFile(join(directory, tenant, sha256.slice(0, 2), sha256.slice(2)), "torn"),
    dispose: () => rm(folder, { recursive: true }),
  };
});

test("storing a content again leaves its file, with its mtime, and no temporary file", async (context) => {
  const directory = await mkdtemp(join(tmpdir(), "artifacts-"));
  context.after(() => rm(directory, { recursive: true }));
  const artifacts = fileArtifacts({ directory });
  const { sha256 } = await artifacts.put("default", Buffer.from("same"));
  const folder = join(directory, "default", sha256.slice(0, 2));
  const before = await stat(join(folder, sha256.slice(2)), { bigint: true });
  await artifacts.put("default", Buffer.from("same"));
  const after = await stat(join(folder, sha256.slice(2)), { bigint: true });
  assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
  assert.deepEqual(await readdir(folder), [sha256.slice(2)]);
});

test("a path that is no folder is a typed error", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "artifacts-"));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "file"), "");
  const artifacts = fileArtifacts({ directory: join(folder, "file") });
  await assert.rejects(artifacts.put("default", Buffer.from("x")), StoreUnavailableError);
});

test("a full disk is a typed error, leaves nothing behind, and the store works once there is room", async (context) => {
  const directory = await mkdtemp(join(tmpdir(), "artifacts-full-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", directory], { stdio: "pipe" });
  } catch {
    await rm(directory, { recursive: true });
    context.skip("no permission to mount a file system");
    return;
  }
  try {
    const artifacts = fileArtifacts({ directory });
    const kept = await artifacts.put("default", Buffer.alloc(400_000, 1));
    await assert.rejects(artifacts.put("default", Buffer.alloc(900_000, 2)), StoreFullError);
    const left = await readdir(directory, { recursive: true });
    assert.deepEqual(
      left.filter((name) => name.endsWith(".tmp")),
      [],
    );
    assert.equal((await artifacts.get("default", kept.sha256)).length, 400_000);
    await artifacts.put("default", Buffer.alloc(400_000, 3));
  } finally {
    execFileSync("umount", [directory]);
    await rm(directory, { recursive: true });
  }
});

test("errors of the file system become typed errors with their cause", () => {
  const causes: [string, new (message: string) => Error][] = [
    ["ENOSPC", StoreFullError],
    ["EDQUOT", StoreFullError],
    ["EROFS", StoreReadOnlyError],
    ["EACCES", StoreReadOnlyError],
    ["ENOENT", StoreUnavailableError],
    ["EFBIG", StoreFullError],
    ["EIO", StoreUnavailableError],
    ["EINVAL", StoreFailedError],
  ];
  for (const [code, type] of causes) {
    const cause = Object.assign(new Error(code), { code });
    const error = fileError(cause, "/x");
    assert.ok(error instanceof type);
    assert.equal(error.cause, cause);
    assert.equal(fileError(error, "/y"), error);
  }
});
