import assert from "node:assert/strict";
import { test } from "node:test";
import { DimensionKeys, dimensionTables } from "./dimension-keys.ts";

const origin = {
  tenant: "default",
  runId: "run",
  workflow: "tides",
  version: "1",
  fingerprint: "f",
  seed: "",
  input: "{}",
  createdAt: 0,
  labels: undefined,
};

test("a thing keeps its key for ever, also when keys are given on from what was written", () => {
  const first = new DimensionKeys();
  const given = [
    first.tenant("a"),
    first.tenant("b"),
    first.workflow(origin),
    first.workflow({ ...origin, version: "2" }),
    first.node("tides", "", "read"),
    first.node("tides", "2.inner[7]/0.more", "read"),
    first.model("acme", "sage"),
    first.noAgent,
  ];
  assert.deepEqual(given, [0, 1, 0, 1, 0, 1, 1, 0], "0 is none for models and agents");
  const rows = Object.fromEntries(dimensionTables.map((table) => [table, first.rows(table)]));
  const later = new DimensionKeys(rows);
  assert.deepEqual([later.tenant("c"), later.tenant("b"), later.tenant("a")], [2, 1, 0]);
  assert.equal(
    later.node("tides", "5.inner[0]/3.more", "read"),
    1,
    "a path has no numbers of steps and items",
  );
  assert.equal(later.node("winds", "", "read"), 2);
  assert.deepEqual(later.rows("dim_node")[1], {
    node_key: 1,
    workflow: "tides",
    path: "inner/more/read",
    node: "read",
    depth: 2,
  });
  assert.equal(later.rows("dim_model").length, 2);
});

test("a day is that of the time in UTC, with its Monday, and is told once", () => {
  const keys = new DimensionKeys();
  const lastOfYear = Date.UTC(2026, 11, 31, 23, 59, 59, 999);
  assert.deepEqual(keys.day(lastOfYear), {
    date: "2026-12-31",
    time_key: 20_261_231,
    started_ms: lastOfYear,
  });
  keys.day(lastOfYear + 1);
  keys.day(lastOfYear + 1.7);
  keys.day(Date.UTC(2026, 11, 27));
  assert.deepEqual(
    keys
      .rows("dim_time")
      .map(({ time_key, quarter, week, is_weekend }) => [time_key, quarter, week, is_weekend]),
    [
      [20_261_227, 4, "2026-12-21", true],
      [20_261_231, 4, "2026-12-28", false],
      [20_270_101, 1, "2026-12-28", false],
    ],
  );
  assert.equal(keys.day(-5).time_key, 19_700_101);
});
