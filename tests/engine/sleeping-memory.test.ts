import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("sleeping-memory.fixture.ts", import.meta.url));
const boundBytes = 2_048;

test("a sleeping run holds less than 2 kB of heap", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "af-sleeping-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const words = ["--expose-gc", program, join(folder, "store.db"), "2000"];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const heldBytes = Number(stdout);
  context.diagnostic(`${heldBytes} bytes`);
  assert.ok(heldBytes > 0 && heldBytes < boundBytes, `${stdout} bytes`);
});
