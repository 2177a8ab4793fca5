import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FakeClock, FakeProcesses, FaultyStore } from "@agentflow/contracts";
import {
  append,
  type StoreBackend,
  UnregisteredWorkflowError,
  ValidationError,
  value,
  workflow,
} from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { nextTick } from "../../packages/engine/src/time/cron.ts";
import { decideTicks, type SchedulePlan } from "../../packages/engine/src/time/schedule-plan.ts";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";

const minuteMs = 60_000;
const start = Date.UTC(2026, 0, 1, 8, 59, 30);

const digest = workflow("digest", { version: "1", state: { topic: value<string>(), said: append<string>() } })
  .start("write", ({ topic }) => ({ said: [topic] }))
  .end("write");

const long = workflow("long", { version: "1", state: { said: append<string>() } })
  .start("wait", async (_state, ctx) => {
    await ctx.sleep("long", 90 * minuteMs);
    return { said: ["done"] };
  })
  .end("wait");

function machine(context: TestContext, backend: StoreBackend = openMemory()) {
  const [clock, processes] = [new FakeClock(start), new FakeProcesses()];
  const opened: OpenedEngine[] = [];
  // One whose store has crashed has nobody to tell that it closes.
  context.after(() =>
    Promise.all(opened.filter((each) => each.backend === backend).map(({ engine }) => engine.close())),
  );
  const open = (store = backend): OpenedEngine => {
    const host = { processes, pid: opened.length + 1 };
    const each = openEngine({ backend: store, clock, host, workflows: [digest, long] });
    opened.push(each);
    return each;
  };
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 5_000) {
      await clock.advanceAsync(Math.min(5_000, left));
      await turns();
    }
  };
  const runIds = async (): Promise<string[]> => {
    const heads = await backend.runs.listRuns({ tenant: "default", limit: 100 });
    return heads.map(({ runId }) => runId).sort();
  };
  return { backend, clock, open, pass, runIds };
}

const hourly = { workflow: digest, cron: "0 * * * *", input: { topic: "tides" } };

test("each time of a schedule gets one run, however many processes serve", async (context) => {
  const { open, pass, runIds, backend } = machine(context);
  const { engine } = open();
  const made = await engine.schedules.create("news", {
    ...hourly,
    labels: { from: "test", schedule: "other" },
  });
  assert.equal(made.nextAt, Date.UTC(2026, 0, 1, 9));
  for (const each of [engine, open().engine, open().engine]) each.serve();
  await pass(20_000);
  assert.deepEqual(await runIds(), []);
  await pass(20_000);
  assert.deepEqual(await runIds(), ["news-2026-01-01T090000.000Z"]);
  await pass(60 * minuteMs);
  const ids = ["news-2026-01-01T090000.000Z", "news-2026-01-01T100000.000Z"];
  assert.deepEqual(await runIds(), ids);
  const [listed] = await engine.schedules.list();
  assert.deepEqual([listed?.lastRunId, listed?.nextAt], [ids[1], Date.UTC(2026, 0, 1, 11)]);
  const head = await backend.runs.readHead("default", ids[0] ?? "");
  assert.deepEqual([head?.status, head?.labels], ["succeeded", '{"from":"test","schedule":"news"}']);
});

test("a time that was decided and not started, because the process died, gets its run from another", async (context) => {
  const { backend, open, pass, runIds } = machine(context);
  await open().engine.schedules.create("news", hourly);
  const dying = new FaultyStore(backend, [{ kind: "crashAfter", method: "replaceSchedule", call: 1 }]);
  open(dying).engine.serve();
  await pass(3 * minuteMs);
  assert.deepEqual(await runIds(), []);
  open().engine.serve();
  await pass(10_000);
  assert.deepEqual(await runIds(), ["news-2026-01-01T090000.000Z"]);
});

test("times that nobody served are skipped, made up for once, or all", () => {
  const plan = { cron: "0 * * * *", timeZone: "UTC", input: null, overlap: "allow" } as const;
  const first = Date.UTC(2026, 0, 1, 9);
  const now = first + 3 * 60 * minuteMs + 10 * minuteMs;
  const hours = (missed: SchedulePlan["missed"], at = now): unknown => {
    const { ticks, nextAt } = decideTicks({ ...plan, missed }, first, at, false);
    return [ticks.map((tick) => new Date(tick).getUTCHours()), new Date(nextAt ?? 0).getUTCHours()];
  };
  assert.deepEqual(hours("skip"), [[], 13]);
  assert.deepEqual(hours("skip", first + 3 * 60 * minuteMs + 59_000), [[12], 13]);
  assert.deepEqual(hours("latest"), [[12], 13]);
  assert.deepEqual(hours("all"), [[9, 10, 11, 12], 13]);
  const ages = decideTicks({ ...plan, missed: "all" }, first, first + 1_000 * 60 * minuteMs, false).ticks;
  assert.deepEqual([ages.length, ages.at(-1)], [100, first + 1_000 * 60 * minuteMs]);
});

test("a schedule that skips overlaps leaves a time out while the run of an earlier one goes on", async (context) => {
  const { open, pass, runIds } = machine(context);
  const { engine } = open();
  await engine.schedules.create("slow", { workflow: "long", cron: "0 * * * *", overlap: "skip" });
  engine.serve();
  await pass(minuteMs + 60 * minuteMs);
  assert.deepEqual(await runIds(), ["slow-2026-01-01T090000.000Z"]);
  await pass(60 * minuteMs);
  assert.deepEqual(await runIds(), ["slow-2026-01-01T090000.000Z", "slow-2026-01-01T110000.000Z"]);
});

test("a schedule is paused, resumed, triggered and deleted, by any process", async (context) => {
  const { open, pass, runIds } = machine(context);
  const { engine } = open();
  const other = open().engine;
  await engine.schedules.create("news", hourly);
  engine.serve();
  assert.deepEqual(
    [(await other.schedules.pause("news")).isPaused, (await other.schedules.list())[0]?.nextAt],
    [true, undefined],
  );
  await pass(10 * minuteMs);
  assert.deepEqual(await runIds(), []);
  const run = await other.schedules.trigger("news");
  assert.deepEqual(await run.result(), { topic: "tides", said: ["tides"] });
  assert.equal((await other.schedules.resume("news")).nextAt, Date.UTC(2026, 0, 1, 10));
  await other.schedules.delete("news");
  await pass(60 * minuteMs);
  assert.equal((await runIds()).length, 1);
  assert.deepEqual(await engine.schedules.list(), []);
});

test("a local time is met once a day, also where the clocks change", () => {
  const days = (cron: string, from: number, count: number): string[] => {
    const times: string[] = [];
    for (let at: number | undefined = from; times.length < count; ) {
      at = nextTick(cron, "Europe/Berlin", at ?? 0);
      times.push(new Date(at ?? 0).toISOString().slice(5, 16));
    }
    return times;
  };
  // At 02:00 on 29 March the clocks go to 03:00; at 03:00 on 25 October back to 02:00.
  assert.deepEqual(days("30 2 * * *", Date.UTC(2026, 2, 27, 12), 3), [
    "03-28T01:30",
    "03-29T01:00",
    "03-30T00:30",
  ]);
  assert.deepEqual(days("30 2 * * *", Date.UTC(2026, 9, 23, 12), 3), [
    "10-24T00:30",
    "10-25T00:30",
    "10-26T01:30",
  ]);
  assert.deepEqual(days("0 9 * * *", Date.UTC(2026, 2, 27, 12), 3), [
    "03-28T08:00",
    "03-29T07:00",
    "03-30T07:00",
  ]);
});

test("a schedule that cannot be is refused and says why", async (context) => {
  const { open } = machine(context);
  const { engine } = open();
  const { schedules } = engine;
  const wrong = [
    { cron: "61 * * * *" },
    { cron: "often" },
    { timeZone: "Mars/Olympus" },
    { input: {} },
    { queue: "none" },
  ];
  for (const parts of wrong)
    await assert.rejects(
      schedules.create("news", { ...hourly, ...parts }),
      ValidationError,
      JSON.stringify(parts),
    );
  await assert.rejects(schedules.create("a b", hourly), ValidationError);
  await assert.rejects(
    schedules.create("news", { ...hourly, workflow: "unknown" }),
    UnregisteredWorkflowError,
  );
  await schedules.create("news", hourly);
  await assert.rejects(schedules.create("news", hourly), /already a schedule news/);
  for (const change of [
    schedules.pause("x"),
    schedules.resume("x"),
    schedules.delete("x"),
    schedules.trigger("x"),
  ])
    await assert.rejects(change, /no schedule "x"/);
});
