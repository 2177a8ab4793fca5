// Writes docs/metrics.md from the catalogue of metrics.
//
//   node scripts/generate-metric-docs.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  closedLabels,
  engineCatalogue,
  type MetricDefinition,
  refusedLabels,
  reservedNames,
  reservedPrefixes,
} from "@agentflow/telemetry/metrics";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The page of the catalogue. */
export const metricsPagePath = "docs/metrics.md";

/** The text of the page. */
export function metricsPage(): string {
  const engine: readonly MetricDefinition[] = Object.values(engineCatalogue);
  const buckets = engine.filter((each) => each.buckets !== undefined);
  const closed = Object.entries(closedLabels).map(
    ([label, values]) => `- \`${label}\`: ${listed(values)}, and \`other\`.`,
  );
  return `# Metrics

Every metric and every name that is kept. How they are served and read: [observability](observability.md#metrics). This
page is made from the catalogue in the code by \`node scripts/generate-metric-docs.ts\`.

## Engine

| name | type | labels | means |
| --- | --- | --- | --- |
${engine.map(({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${listed(labels)} | ${help} |`).join("\n")}

${buckets.map(({ name, buckets = [] }) => `Upper bounds of the buckets of \`${name}\`: ${buckets.join(", ")}.`).join("\n")}

## Labels

A label has at most 200 values in one metric, and a metric 2,000 combinations of them; what comes later is counted under
the value \`other\`. \`workflow_id\` is the name of the workflow, the outermost one of nested workflows. Values that are
known beforehand:

${closed.join("\n")}

No metric has one of the labels ${listed(refusedLabels)}: they have a value for each run, and belong on spans and in logs.

## Kept names

Later parts of the platform take these names, and only with these types:

${Object.entries(reservedNames)
  .map(([name, type]) => `- \`${name}\` (${type})`)
  .join("\n")}

So do names that begin with ${listed(reservedPrefixes)}.
`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

if (import.meta.main) writeFileSync(join(root, metricsPagePath), metricsPage());
