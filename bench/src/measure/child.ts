import { loadSystem } from "../systems/catalogue.ts";
import { prepareRounds } from "./run-round.ts";
import type { ChildMessage, Job } from "./sample.ts";

const job = JSON.parse(process.argv[2] ?? "") as Job;

function answer(message: ChildMessage): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  answer({
    type: "failed",
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}

try {
  const system = await loadSystem(job.system, job.statementLogPath);
  const round = await prepareRounds(system, job.workload, job.directory);
  process.on("message", () => {
    round().then((sample) => answer({ type: "sample", sample }), fail);
  });
  answer({ type: "ready" });
} catch (error) {
  fail(error);
}
