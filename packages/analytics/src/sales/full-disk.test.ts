import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DatasetError } from "@agentflow/core";
import { checkDataset } from "../check/check-dataset.ts";
import { readManifest } from "../storage/read-dataset.ts";
import { generateSales } from "./generate-sales.ts";
import { sales } from "./sales-model.ts";

test("a disk that gets full leaves the dataset of before, and gives the space back (AF_DATASET_FULL)", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]);
  context.after(() => {
    spawnSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (mounted.status !== 0) {
    context.skip("mounting a tmpfs is not allowed here");
    return;
  }
  const directory = join(folder, "sales");
  const small = { rows: 5_000, customers: 100, until: "2021-02" };
  const before = await generateSales(directory, small);
  await assert.rejects(
    generateSales(directory, { rows: 250_000, customers: 100 }),
    (error) => error instanceof DatasetError && error.code === "AF_DATASET_FULL",
  );
  assert.deepEqual(await readManifest(directory), before);
  assert.equal((await checkDataset(sales, directory)).passed, true);
  assert.equal((await readdir(directory)).includes(".staging"), false);
  assert.equal((await generateSales(directory, small)).generation, 2);
});
