import { createEngine } from "agentflow";
import { invoice, invoiceWorkflow, readPrice } from "./workflow.ts";

await using engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db" });
const run = await engine.start(invoice, { names: ["lamp", "clockwork", "lens"] });
const { text } = await run.result();
console.log(`run ${run.runId}: ${text}`);

const same = await engine.replay(run.runId, invoice, { strict: true });
console.log(`the same code: ${same.steps} steps replay to the same bytes`);

const changed = invoiceWorkflow({ roundTo: 50, prices: readPrice });
const { divergence } = await engine.replay(run.runId, changed);
console.log(`changed code: diverges at ${divergence?.stepId}, in ${divergence?.field}`);
console.log(`  expected ${JSON.stringify(divergence?.expected)}`);
console.log(`  actual   ${JSON.stringify(divergence?.actual)}`);
