// Removes the finished runs of a store, a few rows at a time, until only so many are left or it is killed.
import { openBackend } from "@agentflow/runtime";
import type { PurgeSettings } from "./killed-purge.test.ts";

const { url, keep } = JSON.parse(process.argv[2] ?? "") as PurgeSettings;
const tenant = "default";
const rule = { tenant, part: "run", statuses: ["succeeded"], keep, unexported: true } as const;
const { retention, runs } = await openBackend({ store: url });

async function purgeRemoved(): Promise<void> {
  for (const { number } of await retention.listRemoved({ tenant, limit: 100 }))
    for (let isDone = false; !isDone; ) ({ isDone } = await retention.purge({ tenant, number, rowsMax: 3 }));
}

process.stdout.write("begun\n");
for (;;) {
  await purgeRemoved();
  const { items } = await retention.listRemovable(rule, { limit: 4 });
  if (items.length === 0) break;
  await retention.removeRuns(rule, { runIds: items.map(({ runId }) => runId), at: Date.now() });
}
await runs.close();
process.stdout.write("done\n");
