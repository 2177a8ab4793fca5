// Writes docs/events.md and docs/events.schema.json from the table of event types.
//
//   node scripts/generate-event-docs.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EventTypeEntry, eventLevels, eventSchema, eventTypes } from "@agentflow/core";
import { formatJson } from "./format-json.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The generated files: text by path inside the repository. */
export function generate(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/events.md", eventsPage()],
    ["docs/events.schema.json", `${formatJson(eventSchema())}\n`],
  ]);
}

function eventsPage(): string {
  const types = Object.entries(eventTypes);
  const rows = types.map(
    ([type, { means }]) => `| [${type}](#${anchor(type)}) | ${levelOf(type)} | ${means} |`,
  );
  return `${introduction}
## Types

| type | level | means |
| --- | --- | --- |
${rows.join("\n")}

## Data
${types.map(([type, entry]) => typeSection(type, entry)).join("\n")}`;
}

const introduction = `# Events

A run's record events tell everything that was committed, in order, once. They are read off the committed rows, so an
event exists exactly when its commit does. One event is one JSON object; \`events.jsonl\` in a run directory holds one per
line. [events.schema.json](events.schema.json) is the JSON Schema (draft 2020-12) of a line.

| field | means |
| --- | --- |
| \`ts\` | ISO 8601, UTC |
| \`seq\` | dense and increasing within the run, from 1 |
| \`epoch\` | number of the owner that committed it; run id, epoch and seq are the event's id |
| \`level\` | DEBUG, INFO, WARN or ERROR |
| \`runId\` | the run |
| \`type\` | see below |
| \`step\` | step id, where the event is about a step |
| \`data\` | what the type says; fields have the names of the stored columns |

A reader that meets a known \`seq\` under a newer \`epoch\` drops what it has from that \`seq\` on and takes the new event.
While a run is going on, live events (\`step.running\`, \`step.skipped\`, \`progress\`, \`token\`, \`custom\`, \`backpressure\`,
\`dropped\`) are shown beside these. They have no \`seq\`, are not recorded and may be dropped.
`;

function typeSection(type: string, { fields, open, ofStep }: EventTypeEntry): string {
  const rows = Object.entries(fields).map(
    ([name, { kind, optional, means }]) => `| \`${name}\`${optional ? "?" : ""} | ${kind} | ${means} |`,
  );
  const about = ofStep ? "About a step." : "About the run.";
  return `
### ${type}

${about}${open ? " May hold further fields." : ""}

| field | kind | means |
| --- | --- | --- |
${rows.join("\n")}
`;
}

function levelOf(type: string): string {
  return (eventLevels as Readonly<Record<string, string>>)[type] ?? "";
}

function anchor(type: string): string {
  return type.replaceAll(".", "");
}

if (import.meta.main) {
  for (const [path, text] of generate()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
