import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEngine } from "agentflow";

const program = fileURLToPath(new URL("main.ts", import.meta.url));

test("the quickstart counts words in the order of the files, and the run stays in SQLite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "quickstart-"));
  try {
    await writeFile(join(folder, "b.md"), "one two\nthree\n");
    await writeFile(join(folder, "a.md"), "four");
    await writeFile(join(folder, "c.txt"), "no Markdown");
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, "."], { cwd: folder });
    const [, runId = ""] = /^1 a\.md\n3 b\.md\n4 in total\nrun (\w+)\n$/.exec(stdout) ?? [];
    assert.notEqual(runId, "", stdout);
    assert.match(stderr, /run\.succeeded/);
    await using engine = await createEngine({ store: `sqlite:${join(folder, ".agentflow/agentflow.db")}` });
    const { status, state } = await engine.inspect(runId);
    assert.equal(status, "succeeded");
    assert.deepEqual(state, { folder: ".", files: ["a.md", "b.md"], counts: ["1 a.md", "3 b.md"], total: 4 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
