import { startCommit, stepCommit } from "@agentflow/contracts";
import { openSqlite, type SqliteDurability } from "./open-sqlite.ts";

/** Commits one run step by step and prints the seq of each acknowledged commit, until it is done or killed. */
const settings = JSON.parse(process.argv[2] ?? "{}") as {
  readonly path: string;
  readonly durability: SqliteDurability;
  readonly runId: string;
  readonly commits: number;
};
const { path, durability, runId, commits } = settings;
const backend = await openSqlite({ path, durability });
for (let seq = 1; seq <= commits; seq++) {
  const commit = seq === 1 ? startCommit({ runId }) : stepCommit(seq, { runId });
  const [result] = await backend.runs.commit([commit]);
  if (result?.kind !== "committed") throw new Error(`Commit ${seq}: ${JSON.stringify(result)}`);
  await new Promise((resolve) => process.stdout.write(`${seq}\n`, resolve));
}
await backend.runs.close();
