// A run whose second step takes its process down each time, unless its death is "none". It prints "died" before, or how
// the run ended as JSON.
//
//   node crash-loop.fixture.ts '{"folder": "...", "death": "kill"}'
import { writeSync } from "node:fs";
import { join } from "node:path";
import { append, toFailure, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";

const settings = JSON.parse(process.argv[2] ?? "{}") as {
  readonly folder: string;
  readonly death: "kill" | "abort" | "none";
};

const deadly = workflow("deadly", { version: "1", state: { log: append<string>() } })
  .start("open", () => ({ log: ["opened"] }))
  .node("boom", { after: "open" }, async (_state, ctx) => {
    await ctx.io("prepare", null, () => "prepared");
    await ctx.io("explode", null, () => {
      if (settings.death === "none") return null;
      writeSync(1, "died\n");
      if (settings.death === "abort") process.abort();
      process.kill(process.pid, "SIGKILL");
      return new Promise<null>(() => undefined);
    });
    return { log: ["survived"] };
  })
  .end("boom");

const engine = await createEngine({
  store: `sqlite:${join(settings.folder, "agentflow.db")}`,
  recoveriesMax: 3,
});
const isNew = process.argv[3] === "start";
const run = isNew ? await engine.start(deadly, {}, { id: "run" }) : await engine.resume("run", deadly);
const outcome = await run.settled();
const error = outcome.status === "failed" ? toFailure(outcome.error) : undefined;
console.log(JSON.stringify({ status: outcome.status, code: error?.code, message: error?.message }));
await engine.close();
