import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ArtifactPathError } from "../errors/edge-errors.ts";
import { checkArtifactPath } from "./check-artifact-path.ts";

const refused: Readonly<Record<string, RegExp>> = {
  "": /empty/,
  "/etc/passwd": /absolute/,
  "//server/share": /absolute/,
  "..": /segment \.\./,
  "../up.md": /segment \.\./,
  "a/../../up.md": /segment \.\./,
  "a/..": /segment \.\./,
  ".": /segment \./,
  "a/./b": /segment \./,
  "a//b": /empty segment/,
  "a/": /empty segment/,
  "..\\up.md": /backslash/,
  "a\\b": /backslash/,
  "C:/x": /drive/,
  "c:x": /drive/,
  "ab:stream": /one of/,
  "dir/a:b": /one of/,
  "a?.md": /one of/,
  "nul\u0000.md": /control/,
  "a\nb": /control/,
  "a\u0085b": /control/,
  "trailing.": /dot or a space/,
  "dir./x": /dot or a space/,
  "...": /dot or a space/,
  "trailing ": /dot or a space/,
  " leading": /starts with a space/,
  CON: /device/,
  "nul.txt": /device/,
  "dir/com1": /device/,
  "Lpt9.tar.gz": /device/,
  conin$: /device/,
  "e\u0301.md": /NFC/,
  "\ud800.md": /surrogate/,
  [`${"x".repeat(241)}`]: /segment is too long/,
  [`${"é".repeat(121)}`]: /segment is too long/,
  [`${"x/".repeat(600)}x`]: /too long/,
};

for (const [path, problem] of Object.entries(refused)) {
  test(`${JSON.stringify(path.slice(0, 40))} names no artifact`, () => {
    assert.throws(() => checkArtifactPath(path), ArtifactPathError);
    assert.throws(() => checkArtifactPath(path), { code: "AF_ARTIFACT_PATH", message: problem });
  });
}

test("ordinary paths are taken as they are", () => {
  for (const path of [
    "report.md",
    "a/b/c.json",
    ".hidden",
    "é/ü.md",
    "console.log",
    "a b.md",
    "x..y",
    "...x",
  ]) {
    assert.equal(checkArtifactPath(path), path);
  }
});

test("no accepted path leaves its folder, by the rules of POSIX or of Windows", () => {
  const segment = fc.oneof(
    fc.constantFrom("..", ".", "", "a", "C:", "a\\..", "nul"),
    fc.string({ maxLength: 6 }),
  );
  const separator = fc.constantFrom("/", "\\", "//");
  const path = fc
    .array(fc.tuple(segment, separator), { maxLength: 5 })
    .map((parts) => `${parts.map(([name, slash]) => name + slash).join("")}x`);
  fc.assert(
    fc.property(path, (candidate) => {
      try {
        checkArtifactPath(candidate);
      } catch (error) {
        assert.ok(error instanceof ArtifactPathError);
        return;
      }
      assert.ok(posix.resolve("/runs/1", candidate).startsWith("/runs/1/"));
      assert.ok(win32.resolve("D:\\runs\\1", candidate).startsWith("D:\\runs\\1\\"));
    }),
    { numRuns: 2_000 },
  );
});
