import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertSameAsMemory } from "../same-as-memory.fixture.ts";
import { openSqlite } from "./open-sqlite.ts";

test("whatever happens, SQLite gives the results and holds the rows that memory does", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-same-"));
  context.after(() => rmSync(folder, { recursive: true }));
  await assertSameAsMemory({
    open: (round) => openSqlite({ path: join(folder, `${round}.db`) }),
    rounds: 150,
  });
});
