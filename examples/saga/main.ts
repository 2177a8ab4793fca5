import { createEngine } from "agentflow";
import { Agency } from "./agency.ts";
import { tripFlow, tripGraph } from "./workflow.ts";

await using engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db" });
for (const [form, trip] of [["graph", tripGraph] as const, ["flow", tripFlow] as const]) {
  const agency = new Agency("car in Oslo");
  const run = await engine.start(trip(agency) as ReturnType<typeof tripFlow>, { to: "Oslo" });
  const outcome = await run.settled();
  console.log(`${form}: ${outcome.status}, ${agency.log.join(", ")}`);
}
