import { resolve } from "node:path";
import { createEngine } from "agentflow";
import { notice } from "./workflow.ts";

const file = resolve(import.meta.dirname, "workflow.ts");
await using engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db" });
// The labels tell `af resume` where the workflow is.
const labels = { file, export: "notice" };
const run = await engine.start(notice, { topic: process.argv[2] ?? "museum" }, { labels });
await run.settled();
for (const { id, payload } of await engine.approvals({ runId: run.runId }))
  console.log(`${id} asks about ${JSON.stringify(payload)}`);
console.error(`
npx af approve last
npx af answer last --value '{"edit":"The museum is closed on Tuesday."}'
npx af reject last
npx af resume last`);
