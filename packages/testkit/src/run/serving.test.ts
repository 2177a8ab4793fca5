import assert from "node:assert/strict";
import { test } from "node:test";
import { append, flow, value, workflow } from "@agentflow/core";
import { testEngine } from "./test-engine.ts";

const mail = workflow("mail", { version: "1", state: { to: value("all"), sent: append<string>() } })
  .start("send", async ({ to }, ctx) => ({
    sent: [await ctx.io("send", { to, at: ctx.now() }, async () => "never", { effect: true })],
  }))
  .end("send");

const io = { send: ({ to, at }: { to: string; at: number }) => `${to} ${new Date(at).toISOString()}` };

test("a schedule starts its runs at their times, a month of them in no time (ENG-44)", async () => {
  await using engine = testEngine({ io, workflows: [mail] });
  await engine.schedules.create("digest", { workflow: mail, cron: "0 9 * * *", timeZone: "UTC" });
  await engine.advance("8h");
  assert.deepEqual(await engine.reports(mail), []);
  await engine.advance("30d");
  const reports = await engine.reports(mail);
  assert.deepEqual(
    reports.map(({ status, result }) => [status, result.sent]),
    Array.from({ length: 30 }, (_each, day) => [
      "succeeded",
      [`all 2026-01-${String(day + 1).padStart(2, "0")}T09:00:00.000Z`],
    ]),
  );
});

test("runs of a schedule go on in the next process after a crash", async () => {
  const nap = flow("nap", { version: "1" }, async (_input: unknown, ctx) => {
    await ctx.sleep("long", 3_600_000);
    return ctx.now();
  });
  await using engine = testEngine({ workflows: [nap] });
  await engine.schedules.create("naps", { workflow: nap, cron: "0 0 * * *", input: null });
  await engine.advance("24h");
  await engine.advance("30m");
  await engine.crash();
  assert.deepEqual(
    (await engine.reports(nap)).map(({ status }) => status),
    ["waiting"],
  );
  await engine.advance("12h");
  const [ended] = await engine.reports(nap);
  assert.equal(ended?.status, "succeeded");
});

test("runs of a queue begin as its limits let them, and a delayed one in its time", async () => {
  const queues = { slow: { rate: { limit: 1, perMs: 60_000 } } };
  await using engine = testEngine({ io, workflows: [mail], queues });
  const later = await engine.start(mail, { to: "later" }, { after: "2h" });
  const runs = [];
  for (const to of ["a", "b", "c"]) runs.push(await engine.start(mail, { to }, { queue: "slow" }));
  for (const run of runs) await run.result();
  const sent = (await engine.reports(mail)).map(({ state }) => state["sent"]);
  assert.deepEqual(sent.flat().toSorted(), [
    "a 2026-01-01T00:00:00.000Z",
    "b 2026-01-01T00:01:00.000Z",
    "c 2026-01-01T00:02:00.000Z",
  ]);
  assert.equal((await later.report()).status, "queued");
  assert.deepEqual((await later.result()).sent, ["later 2026-01-01T02:00:00.000Z"]);
});
