// Exports the runs of a store in small batches, and says a line at each call of the store, before it is made.
import { exportRuns } from "@agentflow/analytics";
import { interceptBackend } from "@agentflow/contracts";
import { openBackend } from "@agentflow/runtime";

const [store = "", directory = ""] = process.argv.slice(2);
const backend = await openBackend({ store });
const telling = interceptBackend(backend, (method, work) => {
  process.stdout.write(`${method}\n`);
  return work();
});
await exportRuns(telling, directory, { batchRuns: 2 });
await backend.runs.close();
