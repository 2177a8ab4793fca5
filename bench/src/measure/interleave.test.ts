import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { interleave } from "./interleave.ts";

const workload = { kind: "loop", steps: 10, append: false } as const;

test("a job that cannot start is reported by name and leaves the others their rounds and no folders", async () => {
  const directory = mkdtempSync(join(tmpdir(), "interleave-"));
  try {
    const broken = { system: "floor-sqlite-normal", workload, directory: join(directory, "broken") } as const;
    const working = {
      system: "bare-sqlite-normal",
      workload,
      directory: join(directory, "working"),
    } as const;
    const { measured, failed } = await interleave([broken, working], 3);
    assert.deepEqual(
      failed.map(({ job }) => job),
      [broken],
    );
    assert.match(failed[0]?.message ?? "", /needs a recorded statement log/);
    assert.deepEqual(
      measured.map(({ job, samples }) => [job.system, samples.length]),
      [["bare-sqlite-normal", 3]],
    );
    assert.equal(existsSync(working.directory), false);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
