import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { documentLimits, listDocuments, readDocument, textPatterns } from "./documents.ts";

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), "documents-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const signal = new AbortController().signal;

test("documents are listed sorted, with forward slashes, without dependencies, hidden files and other kinds", async () => {
  await using made = await folderOf({
    "b.md": "",
    "a/c.txt": "",
    "a/B.ts": "",
    "photo.png": "",
    "node_modules/x/README.md": "",
    "a/.git/notes.md": "",
    ".secret.md": "",
    "package-lock.json": "",
    "runs/1/artifacts/report.md": "",
  });
  const query = { folder: made.folder, patterns: textPatterns };
  assert.deepEqual(await listDocuments(query), ["a/B.ts", "a/c.txt", "b.md"]);
});

test("patterns choose among the documents", async () => {
  await using made = await folderOf({ "README.md": "", "docs/deep/a.md": "", "src/b.md": "" });
  const query = { folder: made.folder, patterns: ["*.md", "docs/**/*.md"] };
  assert.deepEqual(await listDocuments(query), ["README.md", "docs/deep/a.md"]);
});

test("a missing folder and a file in its place are refused by name", async () => {
  await using made = await folderOf({ "a.md": "" });
  const missing = join(made.folder, "gone");
  await assert.rejects(
    listDocuments({ folder: missing, patterns: textPatterns }),
    /gone cannot be read \(ENOENT\)/,
  );
  const file = join(made.folder, "a.md");
  await assert.rejects(listDocuments({ folder: file, patterns: textPatterns }), /a\.md is no folder/);
});

test("a folder with too many documents is refused", async () => {
  const files = Array.from({ length: documentLimits.filesMax + 1 }, (_, index) => [`${index}.md`, ""]);
  await using made = await folderOf(Object.fromEntries(files));
  const query = { folder: made.folder, patterns: textPatterns };
  await assert.rejects(listDocuments(query), /more than 1000 documents/);
});

test("a text is read with plain line ends", async () => {
  await using made = await folderOf({ "a.md": "one\r\ntwo\n" });
  assert.equal(await readDocument(made.folder, "a.md", signal), "one\ntwo\n");
});

test("what is no readable text is refused with the reason", async () => {
  await using made = await folderOf({
    "zero.md": Uint8Array.of(65, 0, 66),
    "latin.md": Uint8Array.of(0x66, 0xfc, 0x72),
    "large.md": "x".repeat(documentLimits.sizeBytesMax + 1),
  });
  await symlink(join(made.folder, "gone"), join(made.folder, "dangling.md"));
  await symlink(made.folder, join(made.folder, "folder.md"));
  const refused: readonly (readonly [string, RegExp])[] = [
    ["zero.md", /it holds zero bytes/],
    ["latin.md", /no UTF-8 text/],
    ["large.md", /larger than 512 kB/],
    ["folder.md", /it is no file/],
    ["dangling.md", /it cannot be read \(ENOENT\)/],
  ];
  for (const [file, reason] of refused) await assert.rejects(readDocument(made.folder, file, signal), reason);
});
