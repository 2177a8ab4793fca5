import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeAtomically } from "./write-atomically.ts";

test("a file is replaced whole; a failure leaves what was there and nothing else", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "write-"));
  context.after(() => rm(folder, { recursive: true }));
  await writeAtomically(join(folder, "file"), "one");
  await writeAtomically(join(folder, "file"), Buffer.from("two"));
  assert.equal(await readFile(join(folder, "file"), "utf8"), "two");
  await mkdir(join(folder, "busy", "full"), { recursive: true });
  await assert.rejects(writeAtomically(join(folder, "busy"), "three"), {
    code: /EISDIR|ENOTEMPTY|EEXIST|EPERM/,
  });
  assert.deepEqual(await readdir(folder), ["busy", "file"]);
});
