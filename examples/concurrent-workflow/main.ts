import { createEngine } from "agentflow";
import { startFlakySite } from "./flaky-site.ts";
import { inventory } from "./workflow.ts";

await using site = await startFlakySite();
await using engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db" });
const run = await engine.start(inventory, { site: site.url });
for await (const event of run.events()) {
  if (event.type.startsWith("step.")) console.error(event.type, event.step ?? "");
}
const { summary } = await run.result();
console.log(summary);
console.log(`never more than ${site.concurrencyMax()} pages at once`);
