import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createEngine } from "agentflow";
import { invoice, invoiceWorkflow, readPrice } from "./workflow.ts";

// A process of its own begins the run, and is killed in the middle.
const id = `invoice-${Date.now()}`;
const doomed = spawn(process.execPath, [fileURLToPath(new URL("doomed.ts", import.meta.url)), id], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [said] = await once(doomed.stdout, "data");
doomed.kill("SIGKILL");
await once(doomed, "close");
console.log(`run ${id}: killed when ${String(said).trim()}`);

// This one goes on where the other was.
let asked = 0;
const prices = async (name: string): Promise<number> => {
  asked += 1;
  return readPrice(name);
};
const counted = invoiceWorkflow({ roundTo: 1, prices });
await using engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db" });
const run = await engine.resume(id, counted);
const { text } = await run.result();
console.log(`resumed: ${text}; prices asked: ${asked}`);

const same = await engine.replay(id, invoice, { strict: true });
console.log(`the same code: ${same.steps} steps replay to the same bytes`);

const changed = invoiceWorkflow({ roundTo: 50, prices: readPrice });
const { divergence } = await engine.replay(id, changed);
console.log(`changed code: diverges at ${divergence?.stepId}, in ${divergence?.field}`);
console.log(`  expected ${JSON.stringify(divergence?.expected)}`);
console.log(`  actual   ${JSON.stringify(divergence?.actual)}`);

// Another total from the last seal on: what comes before is not done again.
asked = 0;
const fork = await engine.fork(id, { at: "2.total", patch: { totalCents: 1_000 }, workflow: counted });
console.log(`forked with another total: ${(await fork.result()).text}; prices asked: ${asked}`);
const diff = await engine.diff(id, fork.runId);
console.log(`they part at ${diff.divergence?.stepId}, in ${diff.divergence?.path}`);
for (const { path, before, after } of diff.state)
  console.log(`  ${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
