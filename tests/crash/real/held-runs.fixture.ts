// Resumes runs on command and says what became of it.
//
//   node held-runs.fixture.ts '{"folder": "..."}'
//
// "resume RUN" is answered by "RUN holds", once its step waits, or by the code of the error; "finish RUN" lets the step
// go on, and is answered by the run's status, or by the code of the error that stopped it.
import { join } from "node:path";
import { createInterface } from "node:readline";
import { AgentFlowError, type Json } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { heldWorkflow } from "./held-runs.ts";

const { folder } = JSON.parse(process.argv[2] ?? "{}") as { readonly folder: string };
const finishes = new Map<string, (word: Json) => void>();
const held = heldWorkflow((runId) => {
  console.log(`${runId} holds`);
  return new Promise((resolve) => finishes.set(runId, resolve));
});
const engine = await createEngine({ store: `sqlite:${join(folder, "agentflow.db")}` });

async function resume(runId: string): Promise<void> {
  try {
    const run = await engine.resume(runId, held);
    const outcome = await run.settled();
    if (outcome.status !== "fenced") console.log(`${runId} ${outcome.status}`);
    else throw outcome.error;
  } catch (error) {
    if (!(error instanceof AgentFlowError)) throw error;
    console.log(`${runId} ${error.code}`);
  }
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [command, runId = ""] = line.split(" ");
  if (command === "resume") void resume(runId);
  else finishes.get(runId)?.("released");
}
await engine.close();
