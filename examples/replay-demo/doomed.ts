// Starts a run and says when two of its three prices are kept; the last one never comes. To be killed.
import { createEngine } from "agentflow";
import { invoiceWorkflow, readPrice } from "./workflow.ts";

const [id = ""] = process.argv.slice(2);
const prices = async (name: string): Promise<number> => {
  if (name === "lens") await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  return readPrice(name);
};
const engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db" });
const run = await engine.start(
  invoiceWorkflow({ roundTo: 1, prices }),
  { names: ["lamp", "clockwork", "lens"] },
  { id },
);
let kept = 0;
for await (const event of run.events({ modes: ["deltas"] })) {
  if (event.type === "delta" && "lines" in event.delta) kept += 1;
  if (kept === 2) process.stdout.write("two prices are kept\n");
}
