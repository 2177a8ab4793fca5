import { createEngine } from "agentflow";
import { countWords } from "./workflow.ts";

await using engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db" });
const run = await engine.start(countWords, { folder: process.argv[2] ?? "." });
for await (const event of run.events()) console.error(event.type, event.step ?? "");
const { counts, total } = await run.result();
console.log([...counts, `${total} in total`, `run ${run.runId}`].join("\n"));
