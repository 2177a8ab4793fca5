import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { type DatasetModel, writeDataset } from "@agentflow/analytics";
import { af, temporaryFolder } from "./spawn-af.ts";

const root = join(import.meta.dirname, "../..");
const assistant = join(root, "examples/research-assistant");

async function succeeds(cwd: string, ...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const ended = await af(words, { cwd });
  assert.equal(ended.code, 0, `${words.join(" ")}: ${ended.stderr}`);
  return ended;
}

async function answer(cwd: string, ...words: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await succeeds(cwd, "analytics", "analyze", ...words, "--execute", "--json");
  return JSON.parse(stdout);
}

test("real runs of the research assistant are exported once, tested, asked, and may go then (OLP-30, OLP-31)", async (context) => {
  const cwd = temporaryFolder(context);
  const nothing = await succeeds(cwd, "analytics", "export");
  assert.match(nothing.stderr, /There is no store here/);
  const input = { question: "How high are the tides?", folder: join(assistant, "fixtures/lighthouse") };
  for (const runId of ["one", "two"]) {
    await succeeds(
      cwd,
      ...["run", join(assistant, "workflow.ts"), "--input", JSON.stringify(input), "--run-id", runId],
    );
  }
  const exported = JSON.parse((await succeeds(cwd, "analytics", "export", "--json")).stdout);
  assert.deepEqual([exported.runs, exported.batches, exported.claimedElsewhere], [2, 1, 0]);
  const again = await succeeds(cwd, "analytics", "export");
  assert.match(again.stderr, /0 runs exported/);
  assert.equal(again.stdout, `${join(cwd, "data/runs")}\n`);
  assert.match((await succeeds(cwd, "analytics", "test", "data/runs")).stderr, /\d+ passed, 0 failed\n$/);

  const latency = await answer(cwd, "latency", "--dataset", "data/runs");
  const steps = new Map(latency.map((row) => [row["path"], row["steps"]]));
  assert.deepEqual([...steps.keys()].sort(), ["answer", "extract", "plan", "read", "score", "write"]);
  assert.deepEqual([steps.get("plan"), steps.get("read")], [2, 8], "four documents are read in each run");
  const tools = await answer(
    cwd,
    "totals",
    "--dataset",
    "data/runs",
    "--measure",
    "tool_calls",
    "--by",
    "tool",
  );
  assert.deepEqual(tools, [
    { tool: "list", tool_calls: 2 },
    { tool: "read", tool_calls: 8 },
  ]);
  const calls = await answer(
    cwd,
    "totals",
    "--dataset",
    "data/runs",
    "--measure",
    "model_calls",
    "--by",
    "provider",
  );
  assert.deepEqual(calls, [{ provider: "local", model_calls: 2 }]);
  const cost = await answer(cwd, "cost", "--by", "provider", "--dataset", "data/runs");
  assert.deepEqual(cost, [{ provider: "local", cost: 0 }], "the extractive model costs nothing");
  const listed = await succeeds(cwd, "analytics", "datasets", "data/runs");
  assert.match(listed.stdout, /^pattern {5}slowest-steps: /m);

  // What was exported, retention may remove; the dataset still tells it.
  const gone = JSON.parse((await succeeds(cwd, "gc", "--older-than", "0s", "--json")).stdout);
  assert.deepEqual([gone.runs.runs, gone.unexported], [2, 0]);
  const outcomes = await answer(cwd, "outcomes", "--dataset", "data/runs", "--by", "workflow,status");
  assert.deepEqual(outcomes, [{ workflow: "research", status: "succeeded", runs: 2 }]);
});

const declaration = `import { dataset, date, dimension, fact, integer, money, sum, text } from "agentflow/analytics";

export const shop = dataset("shop", {
  tables: {
    day: dimension({ key: "day_key", columns: { day_key: integer(), year: integer() } }),
    good: dimension({ key: "good_key", columns: { good_key: integer(), kind: text() } }),
    sale: fact({
      key: ["sale_id"],
      columns: { sale_id: integer(), date: date(), day_key: integer(), good_key: integer(), price: money() },
      joins: { day_key: "day", good_key: "good" },
      day: "date",
      partitions: { table: "day", columns: ["year"] },
      order: ["date", "sale_id"],
    }),
  },
  dimensions: { year: "day.year", kind: "good.kind" },
  measures: { revenue: sum("sale.price") },
  hierarchies: { calendar: ["year"] },
});
`;

test("a dataset of one's own is written by its declaration, and commands take that from its file", async (context) => {
  const cwd = temporaryFolder(context);
  symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"), "junction");
  writeFileSync(join(cwd, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(cwd, "shop.ts"), declaration);
  const { shop } = (await import(pathToFileURL(join(cwd, "shop.ts")).href)) as { shop: DatasetModel };
  const queries = {
    day: "FROM (VALUES (20250101, 2025), (20260101, 2026)) t(day_key, year)",
    good: "FROM (VALUES (1, 'tea'), (2, 'cup')) t(good_key, kind)",
    sale: `SELECT n AS sale_id, make_date(2025 + n % 2, 1, 1) AS date, 20250101 + (n % 2) * 10000 AS day_key,
      1 + n // 5 AS good_key, n AS price FROM range(10) t(n)`,
  };
  const directory = join(cwd, "data/shop");
  const manifest = await writeDataset(shop, directory, queries);
  assert.deepEqual(
    manifest.files.filter(({ table }) => table === "sale").map(({ partition, rows }) => [partition, rows]),
    [
      [{ year: 2025 }, 5],
      [{ year: 2026 }, 5],
    ],
  );
  const lost = { ...queries, sale: `SELECT * REPLACE (7 AS day_key) FROM (${queries.sale})` };
  await assert.rejects(writeDataset(shop, directory, lost), /10 rows of sale have no folder/);
  await assert.rejects(
    writeDataset(shop, directory, { ...queries, god: "" }),
    /no table "god". Did you mean "good"\?/,
  );
  const { sale: _, ...rest } = queries;
  await assert.rejects(writeDataset(shop, directory, rest), /no query for the table sale/);

  const own = ["--declaration", "shop.ts"];
  assert.match((await succeeds(cwd, "analytics", "test", "data/shop", ...own)).stderr, /passed, 0 failed/);
  const rows = await answer(cwd, "totals", "--by", "year,kind", "--dataset", "data/shop", ...own);
  assert.deepEqual(rows, [
    { year: 2025, kind: "cup", revenue: 14 },
    { year: 2025, kind: "tea", revenue: 6 },
    { year: 2026, kind: "cup", revenue: 21 },
    { year: 2026, kind: "tea", revenue: 4 },
  ]);
  const listed = await succeeds(cwd, "analytics", "datasets", "data/shop", ...own, "--json");
  assert.deepEqual(JSON.parse(listed.stdout)[0].measures, { revenue: "additive" });

  writeFileSync(join(cwd, "other.ts"), declaration.replace('"shop"', '"other"'));
  writeFileSync(join(cwd, "broken.ts"), declaration.replace('"sale.price"', '"sale.prise" as never'));
  writeFileSync(join(cwd, "throws.ts"), 'throw new Error("not today");\n');
  for (const [words, exit, says] of [
    [[], 3, /whose declaration af does not have[\s\S]*--declaration FILE/],
    [["--declaration", "gone.ts"], 3, /gone\.ts does not exist/],
    [["--declaration", "other.ts"], 3, /other\.ts does not declare the dataset shop[\s\S]*It declares other/],
    [["--declaration", "broken.ts"], 3, /sale has no column "prise"/],
    [["--declaration", "throws.ts"], 3, /throws\.ts cannot be loaded: not today/],
  ] as const) {
    const ended = await af(["analytics", "test", "data/shop", ...words], { cwd });
    assert.equal(ended.code, exit, ended.stderr);
    assert.match(ended.stderr, says);
  }
});
