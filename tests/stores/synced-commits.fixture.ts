import { writeSync } from "node:fs";
import { startCommit, stepCommit } from "@agentflow/contracts";
import { type Durability, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openSqlite } from "@agentflow/store";

/** Writes at one level after the other into a store of another level, and says on standard output when which begins. */
const [path = "", own = "normal"] = process.argv.slice(2);
const commits = 5;
const backend = await openSqlite({ path, durability: own as "normal" | "strict" });

function begin(phase: string): void {
  writeSync(1, `== ${phase}\n`);
}

async function commitAt(durability: Durability): Promise<void> {
  const run = { runId: `commits-${durability}` };
  for (let seq = 1; seq <= commits; seq++) {
    const commit = seq === 1 ? startCommit(run) : stepCommit(seq, run);
    const [result] = await backend.runs.commit([{ ...commit, durability }]);
    if (result?.kind !== "committed") throw new Error(JSON.stringify(result));
  }
}

// The first commit of each level may open connections and files.
for (const durability of ["normal", "strict", "batched"] as const)
  await backend.runs.commit([{ ...startCommit({ runId: `first-${durability}` }), durability }]);
for (const durability of ["normal", "strict", "batched"] as const) {
  begin(`commits ${durability}`);
  await commitAt(durability);
}
begin("own");
await backend.runs.commit([startCommit({ runId: "own" })]);
begin("together");
await backend.runs.commit([
  { ...stepCommit(2, { runId: "first-normal" }), durability: "normal" },
  { ...stepCommit(2, { runId: "first-strict" }), durability: "strict" },
]);
for (const durability of ["normal", "strict"] as const) {
  begin(`transaction ${durability}`);
  const runId = `commits-${durability}`;
  await backend.runs.transact(
    async () => null,
    () => ({ ...stepCommit(commits + 1, { runId }), durability }),
    durability,
  );
  begin(`inbox ${durability}`);
  const row = { kind: "event", key: "go", value: "1", by: undefined, at: 1 } as const;
  await backend.inbox.put({ tenant: "default", runId, row, durability });
}
const wait = workflow("wait", { version: "1", state: {} })
  .start("wait", async (_state, ctx) => {
    await ctx.waitFor("go");
    return {};
  })
  .end("wait");
begin("start of a strict run");
const engine = await createEngine({ store: backend });
const run = await engine.start(wait, {}, { id: "waiting", durability: "strict" });
await run.settled();
begin("signal of a strict run");
await engine.signal("waiting", "go");
begin("the rest of a strict run");
await (await engine.resume("waiting", wait)).result();
begin("end");
await engine.close();
await backend.runs.close();
