import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AnswerConflictError, append, interrupt, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { type ServiceName, service } from "../services.ts";
import { openPlace, type StoreName, temporaryPlace } from "../store-place.ts";
import { clickingProcess } from "./clicking-process.ts";

const ask = interrupt<string, string>("ask");
const people = ["ada", "bob"];
const servers: Partial<Record<StoreName, ServiceName>> = { postgres: "postgres", mysql: "mariadb" };

async function placeOf(context: TestContext, store: StoreName) {
  const folder = mkdtempSync(join(tmpdir(), "two-clicks-"));
  const place = await temporaryPlace(store, folder);
  context.after(async () => {
    await place.drop();
    rmSync(folder, { recursive: true });
  });
  return place;
}

for (const store of ["sqlite", "postgres", "mysql"] as const) {
  const server = servers[store];
  const needed = server === undefined ? {} : await service(server);
  test(
    `${store}: of answers that processes give at once one counts, and its effect happens once`,
    needed,
    async (context) => {
      const place = await placeOf(context, store);
      const sent: string[] = [];
      const flow = workflow("pay", { version: "1", state: { paid: append<string>() } })
        .start("pay", async (_state, ctx) => {
          const by = await ctx.interrupt(ask, "Pay?");
          await ctx.io("send", by, (to: string) => void sent.push(to), { effect: true });
          return { paid: [by] };
        })
        .end("pay");
      const backend = await openPlace(place);
      try {
        await using engine = await createEngine({ store: backend });
        const started = await engine.start(flow, {});
        await started.settled();
        const { runId } = started;
        const clicks = people.map((by) => clickingProcess({ place, runId, id: "0.pay#ask[0]", by }));
        context.after(() => Promise.all(clicks.map((click) => click.kill())));
        for (const click of clicks) await click.said("ready");
        for (const click of clicks) click.say("go");
        const ends = await Promise.all(clicks.map((click) => click.saidOf("answer")));
        const winners = people.filter((_by, index) => ends[index] === "answer stored");
        assert.equal(winners.length, 1, ends.join());
        assert.equal(ends.filter((end) => end === `answer ${new AnswerConflictError("").code}`).length, 1);
        const run = await engine.resume(runId, flow);
        assert.deepEqual(await run.result(), { paid: winners });
        assert.deepEqual(sent, winners);
      } finally {
        await backend.runs.close();
      }
    },
  );
}
