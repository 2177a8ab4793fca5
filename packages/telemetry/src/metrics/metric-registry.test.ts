import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "@agentflow/core";
import { engineCatalogue, refusedLabels, reservedNames } from "./metric-catalogue.ts";
import type { MetricDefinition } from "./metric-definition.ts";
import { MetricRegistry } from "./metric-registry.ts";

const visits: MetricDefinition = { name: "visits_total", type: "counter", help: "Visits.", labels: ["page"] };

async function linesOf(registry: MetricRegistry, name: string): Promise<string[]> {
  const text = await registry.text();
  return text.split("\n").filter((line) => line.startsWith(`${name}{`));
}

function refused(register: () => unknown, words: RegExp): void {
  assert.throws(register, (error: unknown) => {
    assert.ok(error instanceof ValidationError);
    assert.equal(error.code, "AF_ARGUMENT_INVALID");
    assert.match(error.message, words);
    return true;
  });
}

test("the same definition gives the same counter, from however many places", async () => {
  const registry = new MetricRegistry();
  registry.counter(visits)({ page: "home" }).add();
  registry
    .counter({ ...visits })({ page: "home" })
    .add(2);
  assert.deepEqual(await linesOf(registry, "visits_total"), ['visits_total{page="home"} 3']);
});

test("a second registration under another shape is refused, and says what differs", () => {
  const registry = new MetricRegistry();
  registry.counter(visits);
  refused(
    () => registry.histogram({ ...visits, type: "histogram" }),
    /visits_total has another shape already: type/,
  );
  refused(
    () => registry.counter({ ...visits, labels: ["page", "tenant"] }),
    /labels \(page\) against \(page, tenant\)/,
  );
  const took: MetricDefinition = { ...visits, name: "took_ms", type: "histogram", buckets: [1, 2] };
  registry.histogram(took);
  refused(() => registry.histogram({ ...took, buckets: [1, 3] }), /buckets 1, 2 against 1, 3/);
  refused(() => registry.counter(took), /is a histogram, and was asked for as a counter/);
});

test("a name of the engine's catalogue has its shape before any engine has registered it", () => {
  const registry = new MetricRegistry();
  refused(
    () => registry.counter({ ...engineCatalogue.retries, labels: ["node"] }),
    /retries_total has another shape/,
  );
  registry.counter(engineCatalogue.retries);
});

for (const [name, type] of Object.entries(reservedNames)) {
  test(`${name} is kept for a ${type}`, () => {
    const other = type === "counter" ? "histogram" : "counter";
    const definition: MetricDefinition = { name, type: other, help: "Mine.", labels: ["tenant"] };
    refused(() => new MetricRegistry()[other](definition), new RegExp(`${name} is kept for a ${type}`));
  });
}

test("what has a value for each run is no label", () => {
  for (const label of refusedLabels)
    refused(
      () => new MetricRegistry().counter({ ...visits, labels: [label] }),
      new RegExp(`the label ${label}`),
    );
  assert.ok(refusedLabels.includes("run_id"));
});

test("a label has at most so many values, the rest is counted as other, and nothing is lost", async () => {
  const registry = new MetricRegistry({ labelValuesMax: 3 });
  const counter = registry.counter(visits);
  for (let page = 0; page < 10; page++) counter({ page: `p${page}` }).add();
  counter({ page: "p0" }).add();
  assert.deepEqual(await linesOf(registry, "visits_total"), [
    'visits_total{page="p0"} 2',
    'visits_total{page="p1"} 1',
    'visits_total{page="p2"} 1',
    'visits_total{page="other"} 7',
  ]);
});

test("without a limit given a label has 200 values", async () => {
  const registry = new MetricRegistry();
  const counter = registry.counter(visits);
  for (let page = 0; page < 1_000; page++) counter({ page: `p${page}` }).add();
  const lines = await linesOf(registry, "visits_total");
  assert.equal(lines.length, 201);
  assert.equal(lines.at(-1), 'visits_total{page="other"} 800');
});

test("combinations are limited too; a label whose values are known keeps them", async () => {
  const registry = new MetricRegistry({ labelValuesMax: 100, seriesMax: 4 });
  const calls: MetricDefinition = {
    ...visits,
    name: "calls_total",
    labels: ["tenant", "tool_id", "outcome"],
  };
  const counter = registry.counter(calls);
  for (const tenant of ["a", "b", "c"])
    for (const tool_id of ["x", "y"]) counter({ tenant, tool_id, outcome: "failed" }).add();
  counter({ tenant: "a", tool_id: "x", outcome: "no such outcome" }).add();
  const lines = await linesOf(registry, "calls_total");
  assert.equal(lines.length, 6);
  assert.equal(lines[4], 'calls_total{tenant="other",tool_id="other",outcome="failed"} 2');
  assert.equal(lines[5], 'calls_total{tenant="other",tool_id="other",outcome="other"} 1');
});

test("a gauge is read when it is asked for; its sources add up, and one that ends leaves 0", async () => {
  const registry = new MetricRegistry();
  const depth: MetricDefinition = { ...visits, name: "depth", type: "gauge" };
  let value = 1;
  const end = registry.gauge(depth, () => [{ labels: { page: "home" }, value }]);
  const endOther = registry.gauge(depth, () => [{ labels: { page: "home" }, value: 10 }]);
  value = 5;
  assert.deepEqual(await linesOf(registry, "depth"), ['depth{page="home"} 15']);
  endOther();
  assert.deepEqual(await linesOf(registry, "depth"), ['depth{page="home"} 5']);
  end();
  assert.deepEqual(await linesOf(registry, "depth"), ['depth{page="home"} 0']);
});

test("label values are escaped", async () => {
  const registry = new MetricRegistry();
  registry.counter(visits)({ page: 'a"b\\c\nd' }).add();
  assert.deepEqual(await linesOf(registry, "visits_total"), ['visits_total{page="a\\"b\\\\c\\nd"} 1']);
});

test("limits are whole numbers from 1", () => {
  for (const limit of [0, -1, 1.5, Number.NaN]) {
    refused(
      () => new MetricRegistry({ labelValuesMax: limit }),
      /labelValuesMax must be a whole number from 1/,
    );
    refused(() => new MetricRegistry({ seriesMax: limit }), /seriesMax must be a whole number from 1/);
  }
});
