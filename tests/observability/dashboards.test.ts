import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { engineCatalogue, type MetricDefinition } from "@agentflow/telemetry/metrics";
import { Ajv } from "ajv";
import { parse as parseYaml } from "yaml";
import dashboardSchema from "./dashboard.schema.json" with { type: "json" };
import { useOf } from "./promql.ts";

const folder = fileURLToPath(new URL("../../examples/observability", import.meta.url));

interface Target {
  readonly expr: string;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const dashboard: Dashboard = JSON.parse(
  readFileSync(join(folder, "grafana/dashboards/agentflow.json"), "utf8"),
);
const alerts: { readonly groups: readonly { readonly rules: readonly Rule[] }[] } = parseYaml(
  readFileSync(join(folder, "prometheus/alerts.yml"), "utf8"),
);

/** Labels by the name under which Prometheus has a series. A target has what Prometheus gives it, too. */
const known = new Map<string, readonly string[]>([["up", ["job", "instance"]]]);
for (const definition of Object.values(engineCatalogue) as readonly MetricDefinition[]) {
  const { name, type } = definition;
  const labels = [...definition.labels, "job", "instance"];
  if (type !== "histogram") known.set(name, labels);
  else {
    known.set(`${name}_bucket`, [...labels, "le"]);
    for (const part of ["count", "sum"]) known.set(`${name}_${part}`, labels);
  }
}

/** What is wrong with a query: it does not parse, or uses what is not there. */
function problemsOf(query: string): string[] {
  const { problem, selected, grouped } = useOf(query);
  if (problem !== undefined) return [`does not parse ${problem}`];
  const problems = selected.flatMap(({ metric, labels }) => {
    const found = known.get(metric);
    if (found === undefined) return [`there is no metric ${metric}`];
    return [...labels, ...grouped]
      .filter((label) => !found.includes(label))
      .map((label) => `${metric} has no label ${label}`);
  });
  return selected.length === 0 ? ["selects nothing"] : problems;
}

test("every query of the dashboard uses metrics and labels that exist", () => {
  const queries = dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr })),
  );
  assert.ok(queries.length >= dashboard.panels.length);
  for (const { title, expr } of queries) assert.deepEqual(problemsOf(expr), [], `${title}: ${expr}`);
});

test("every alert uses metrics and labels that exist, and shows labels that its query keeps", () => {
  const rules = alerts.groups.flatMap((group) => group.rules);
  assert.ok(rules.length > 0);
  for (const { alert, expr, annotations } of rules) {
    assert.deepEqual(problemsOf(expr), [], `${alert}: ${expr}`);
    const { grouped } = useOf(expr);
    const kept = grouped.length === 0 ? ["job", "instance"] : grouped;
    for (const [, label = ""] of Object.values(annotations)
      .join(" ")
      .matchAll(/\$labels\.(\w+)/g))
      assert.ok(kept.includes(label), `${alert} shows ${label}`);
  }
});

test("every metric of the engine is on the dashboard", () => {
  const shown = new Set(
    dashboard.panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => useOf(expr).selected.map(({ metric }) => metric)),
    ),
  );
  for (const { name } of Object.values(engineCatalogue))
    assert.ok(shown.has(name) || shown.has(`${name}_bucket`), name);
});

test("a query that is wrong is found: its grammar, its metric, a label it selects or groups by", () => {
  assert.match(problemsOf("sum(rate(retries_total[5m])").join(), /does not parse/);
  assert.match(problemsOf("sum by workflow_id (retries_total)").join(), /does not parse/);
  assert.deepEqual(problemsOf("rate(retry_total[5m])"), ["there is no metric retry_total"]);
  assert.deepEqual(problemsOf('queue_depth{run_id="x"}'), ["queue_depth has no label run_id"]);
  assert.deepEqual(problemsOf("sum by (le) (queue_depth)"), ["queue_depth has no label le"]);
  assert.deepEqual(problemsOf("1 + 1"), ["selects nothing"]);
  assert.deepEqual(problemsOf('sum by (tenant) (queue_depth{workflow_id=~"$workflow"}) > 0'), []);
});

test("the dashboard has the form that Grafana reads, and its panels do not overlap", () => {
  const validate = new Ajv({ allErrors: true }).compile(dashboardSchema);
  validate(dashboard);
  assert.deepEqual(validate.errors ?? [], []);
  const places = new Map<string, string>();
  for (const { title, gridPos } of dashboard.panels) {
    const { x, y, w, h } = gridPos;
    assert.ok(x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        const place = `${column}/${row}`;
        assert.equal(places.get(place), undefined, `${title} is on top of ${places.get(place)}`);
        places.set(place, title);
      }
    }
  }
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test("the compose file starts what the files beside it are for", () => {
  const compose: { readonly services: Readonly<Record<string, { readonly volumes?: readonly string[] }>> } =
    parseYaml(readFileSync(join(folder, "compose.yaml"), "utf8"));
  assert.deepEqual(Object.keys(compose.services).sort(), ["grafana", "jaeger", "prometheus"]);
  const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes);
  assert.deepEqual(mounted.map((volume) => volume.split(":")[0]).sort(), [
    "./grafana/dashboards",
    "./grafana/provisioning",
    "./prometheus",
  ]);
  const scraped: { readonly rule_files: readonly string[] } = parseYaml(
    readFileSync(join(folder, "prometheus/prometheus.yml"), "utf8"),
  );
  assert.deepEqual(scraped.rule_files, ["alerts.yml"]);
});
