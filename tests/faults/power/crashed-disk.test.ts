import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { seededRandom } from "@agentflow/core";
import { CrashedDisk, type Survival } from "./crashed-disk.ts";
import type { DiskOperation, DiskRequest } from "./write-trace.ts";

/** Operations that follow each other. */
function inOrder(given: readonly DiskRequest[]): DiskOperation[] {
  return given.map((each, index) => ({ ...each, begin: 2 * index, end: 2 * index + 1 }));
}

const root = "/root";
const muchLater = 1_000_000;
const file = `${root}/file`;
const create: DiskRequest = { kind: "create", path: file, truncates: false };
const sync = (path: string, isDone = true): DiskRequest => ({ kind: "sync", path, isDone });
const write = (text: string, offset: number): DiskRequest => ({
  kind: "write",
  path: file,
  offset,
  bytes: Buffer.from(text),
});

/** What is in the file after a crash; undefined if it has no name. */
function left(
  context: TestContext,
  given: readonly DiskRequest[],
  survival: Survival,
  at = muchLater,
  seed = "s",
) {
  const into = mkdtempSync(join(tmpdir(), "agentflow-crashed-"));
  context.after(() => rmSync(into, { recursive: true }));
  new CrashedDisk(root, inOrder(given)).leave(at, survival, seededRandom(seed, ""), into);
  const path = join(into, "file");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

test("what was synced, with its name, survives; the rest may not", (context) => {
  const given = [create, write("kept", 0), sync(file), sync(root), write("lost", 4)];
  assert.equal(left(context, given, "nothing"), "kept");
  assert.equal(left(context, given, "everything"), "keptlost");
});

test("a name is lost until its folder is synced, whatever is synced in the file", (context) => {
  const given = [create, write("kept", 0), sync(file)];
  assert.equal(left(context, given, "nothing"), undefined);
  assert.equal(left(context, given, "everything"), "kept");
});

test("a sync keeps nothing before it has ended, nor what began after it", (context) => {
  const given = [create, sync(root), write("kept", 0), sync(file)];
  assert.equal(left(context, given, "nothing", 6), "", "the sync has begun");
  assert.equal(left(context, given, "nothing", 7), "kept");
  const late = inOrder(given).map((each) => (each.kind === "write" ? { ...each, end: 6.5 } : each));
  const into = mkdtempSync(join(tmpdir(), "agentflow-crashed-"));
  context.after(() => rmSync(into, { recursive: true }));
  new CrashedDisk(root, late).leave(9, "nothing", seededRandom("s", ""), into);
  assert.equal(readFileSync(join(into, "file"), "utf8"), "", "the write was under way when the sync began");
});

test("what a failed sync should have kept is kept by no later one", (context) => {
  const given = [create, sync(root), write("gone", 0), sync(file, false), write("kept", 4), sync(file)];
  assert.equal(left(context, given, "nothing"), "\0\0\0\0kept");
});

test("an unsynced write may be there in part, in whole sectors", (context) => {
  const given = [create, sync(root), write("x".repeat(4_096), 0)];
  const seen = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const text = left(context, given, "some", muchLater, String(seed)) ?? "";
    for (let start = 0; start < text.length; start += 512)
      assert.match(text.slice(start, start + 512), /^(x{512}|\0{512})$/);
    seen.add(text);
  }
  assert.ok(seen.size > 10, `${seen.size} different files`);
});

test("a file has one of its names while it is renamed, and its old content never under the new one", (context) => {
  const other = `${root}/other`;
  const given: DiskRequest[] = [
    { kind: "create", path: other, truncates: false },
    { kind: "write", path: other, offset: undefined, bytes: Buffer.from("new") },
    sync(other),
    create,
    write("old", 0),
    sync(file),
    sync(root),
    { kind: "rename", path: other, to: file },
  ];
  assert.equal(left(context, given, "nothing"), "old");
  assert.equal(left(context, given, "everything"), "new");
});
