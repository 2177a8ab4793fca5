// Starts a run with tracing, and stays in its second step until it is killed.
import { createEngine } from "@agentflow/runtime";
import { openTelemetry } from "@agentflow/runtime/observability";
import { tracedProvider } from "./traced-provider.ts";
import { stuckUnless } from "./traced-workflow.ts";

const [store = "", url = ""] = process.argv.slice(2);
tracedProvider(url, "at once");
const engine = await createEngine({ store, tracing: await openTelemetry() });
await engine.start(stuckUnless(false), {}, { id: "killed" });
setInterval(() => undefined, 60_000);
