import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DatasetError, ValidationError } from "@agentflow/core";
import { checkFiles } from "../check/check-files.ts";
import { contentHash, type DatasetManifest, decodeManifest, encodeManifest } from "./dataset-manifest.ts";
import { DatasetWriter, type StagedFile } from "./dataset-writer.ts";
import { findManifest, listDatasets, readManifest } from "./read-dataset.ts";

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-dataset-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function stage(writer: DatasetWriter, month: number, content: string): Promise<StagedFile> {
  const place = { table: "sale", format: "csv", partition: { year: 2021, month } } as const;
  const stagedPath = await writer.stage(place);
  await fs.writeFile(stagedPath, content);
  return { ...place, stagedPath, rows: content.length, columns: {} };
}

async function publish(
  directory: string,
  months: readonly number[],
  content = "rows",
): Promise<DatasetManifest> {
  await using writer = await DatasetWriter.open(directory, "shop");
  const add: StagedFile[] = [];
  for (const month of months) add.push(await stage(writer, month, `${content} ${month}`));
  return await writer.publish({ origin: { content }, add, keep: () => content === "more" });
}

const code = (expected: string) => (error: unknown) =>
  error instanceof DatasetError && error.code === expected;

test("what was published is read back, in the order of the calendar, with sizes and checksums", async (context) => {
  const directory = join(temporaryFolder(context), "new", "shop");
  const written = await publish(directory, [12, 2, 1]);
  const manifest = await readManifest(directory);
  assert.deepEqual(manifest, written);
  assert.deepEqual(
    manifest.files.map(({ path, sizeBytes }) => [path, sizeBytes]),
    [
      ["csv/sale/year=2021/month=1/part-1-0.csv", 6],
      ["csv/sale/year=2021/month=2/part-1-0.csv", 6],
      ["csv/sale/year=2021/month=12/part-1-0.csv", 7],
    ],
  );
  assert.deepEqual(
    (await checkFiles(directory, manifest)).map(({ passed }) => passed),
    [true],
  );
  assert.equal((await fs.readdir(directory)).includes(".staging"), false);
});

test("an append keeps the files of before, a replacement removes them", async (context) => {
  const directory = temporaryFolder(context);
  await publish(directory, [1]);
  const appended = await publish(directory, [1, 2], "more");
  assert.deepEqual(
    appended.files.map(({ path }) => path),
    [
      "csv/sale/year=2021/month=1/part-1-0.csv",
      "csv/sale/year=2021/month=1/part-2-0.csv",
      "csv/sale/year=2021/month=2/part-2-0.csv",
    ],
  );
  await publish(directory, [3]);
  const left = await fs.readdir(join(directory, "csv"), { recursive: true });
  assert.deepEqual(
    left.filter((name) => name.endsWith(".csv")),
    ["sale/year=2021/month=3/part-3-0.csv"],
  );
});

test("two writers at once: the second is refused, and may write when the first has ended (AF_DATASET_LOCKED)", async (context) => {
  const directory = temporaryFolder(context);
  {
    await using _first = await DatasetWriter.open(directory, "shop");
    await assert.rejects(DatasetWriter.open(directory, "shop"), code("AF_DATASET_LOCKED"));
  }
  await publish(directory, [1]);
});

test("a folder with something else in it, or with another dataset, is refused and left alone", async (context) => {
  const directory = temporaryFolder(context);
  await fs.writeFile(join(directory, "thesis.txt"), "ten years of work");
  await assert.rejects(
    publish(directory, [1]),
    (error) => error instanceof ValidationError && /thesis\.txt/.test(error.message),
  );
  assert.deepEqual(await fs.readdir(directory), ["thesis.txt"]);
  const shop = join(directory, "shop");
  await publish(shop, [1]);
  await assert.rejects(DatasetWriter.open(shop, "sales"), ValidationError);
  await assert.rejects(DatasetWriter.open(join(directory, "thesis.txt"), "shop"), code("AF_DATASET_FAILED"));
});

test("a changed manifest is refused, and so is a folder without one (AF_DATASET_CORRUPT, AF_DATASET_NOT_FOUND)", async (context) => {
  const directory = temporaryFolder(context);
  await assert.rejects(readManifest(directory), code("AF_DATASET_NOT_FOUND"));
  const manifest = await publish(directory, [1]);
  const path = join(directory, "manifest.json");
  for (const text of [
    encodeManifest(manifest).replace('"rows": 6', '"rows": 7'),
    encodeManifest({ ...manifest, version: 2 as 1 }),
    "[]",
    "{",
  ]) {
    await fs.writeFile(path, text);
    await assert.rejects(readManifest(directory), code("AF_DATASET_CORRUPT"), text);
  }
  assert.deepEqual(decodeManifest(encodeManifest(manifest), directory), manifest);
});

test("datasets are found in a folder and right below it", async (context) => {
  const directory = temporaryFolder(context);
  await publish(join(directory, "b"), [1]);
  await publish(join(directory, "a"), [1, 2]);
  const found = await listDatasets(directory);
  assert.deepEqual(
    found.map((each) => each.directory),
    [join(directory, "a"), join(directory, "b")],
  );
  assert.equal((await listDatasets(join(directory, "a"))).length, 1);
  assert.deepEqual(await listDatasets(join(directory, "none")), []);
});

test("what the files hold has one hash, whenever and under whatever names they were published", async (context) => {
  const [one, other] = [temporaryFolder(context), temporaryFolder(context)];
  await publish(one, [1, 2], "old");
  const again = await publish(one, [1, 2]);
  assert.equal(contentHash(again), contentHash(await publish(other, [2, 1])));
  assert.notEqual(contentHash(again), contentHash(await publish(other, [1])));
});

const changing = ["mkdir", "open", "rename", "rm", "writeFile"] as const;

/** Lets the process "die" before its nth change of the file system: that one and all after it do nothing but fail. */
function dieAt(moment: number): { readonly changes: () => number; readonly revive: () => void } {
  const originals = changing.map((name) => [name, fs[name]] as const);
  let changes = 0;
  for (const [name, original] of originals) {
    const replaced = (...words: unknown[]): unknown => {
      changes += 1;
      if (changes >= moment) return Promise.reject(Object.assign(new Error("dead"), { code: "EDEAD" }));
      return (original as (...each: unknown[]) => unknown)(...words);
    };
    Object.assign(fs, { [name]: replaced });
  }
  syncBuiltinESMExports();
  return {
    changes: () => changes,
    revive: () => {
      for (const [name, original] of originals) Object.assign(fs, { [name]: original });
      syncBuiltinESMExports();
    },
  };
}

test("a crash at any change of the file system leaves the dataset of before or the one of after, whole (OLP-3)", async (context) => {
  const outcomes = new Set<string>();
  let moments = 0;
  for (let moment = 1; ; moment++) {
    const directory = temporaryFolder(context);
    const before = await publish(directory, [1, 2]);
    const { changes, revive } = dieAt(moment);
    const died = await publish(directory, [1, 3], "new").then(
      () => false,
      () => true,
    );
    const reached = changes() >= moment;
    revive();
    const found = await findManifest(directory);
    assert.ok(found !== undefined);
    const damaged = (await checkFiles(directory, found)).filter(({ passed }) => !passed);
    assert.deepEqual(damaged, [], `moment ${moment}`);
    outcomes.add(found.generation === before.generation ? "before" : "after");
    // The next writer finds a folder that it can go on with, and removes what was left.
    const next = await publish(directory, [4], "next");
    const left = await fs.readdir(join(directory, "csv"), { recursive: true });
    assert.deepEqual(
      left.filter((name) => name.endsWith(".csv")),
      next.files.map(({ path }) => path.slice(4)),
    );
    if (!reached) {
      assert.equal(died, false);
      break;
    }
    moments = moment;
  }
  assert.deepEqual([...outcomes].sort(), ["after", "before"]);
  assert.ok(moments > 10, `${moments} moments`);
});
