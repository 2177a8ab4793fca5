import { loadSystem } from "../systems/catalogue.ts";
import { prepareRounds } from "./run-round.ts";
import type { ChildMessage, ChildRequest, Job } from "./sample.ts";

const job = JSON.parse(process.argv[2] ?? "") as Job;

function answer(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

function answerFailure(error: unknown): Promise<void> {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return answer({ type: "failed", message });
}

// Whoever asked for the rounds is gone.
process.on("disconnect", () => process.exit());

try {
  const system = await loadSystem(job.system, job.statementLogPath);
  const { round, close } = await prepareRounds(system, job.workload, job.directory);
  process.on("message", async (request: ChildRequest) => {
    try {
      if (request === "round") await answer({ type: "sample", sample: await round() });
      else await close().then(() => process.exit());
    } catch (error) {
      await answerFailure(error);
    }
  });
  await answer({ type: "ready" });
} catch (error) {
  await answerFailure(error);
  process.exit(1);
}
