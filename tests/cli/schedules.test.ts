import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const greet = fixture("workflows/greet.ts");
const tick = fixture("workflows/tick.ts");

function inFolder(cwd: string) {
  const json = async (...words: string[]) => {
    const ended = await af(["schedules", ...words, "--json"], { cwd });
    return { code: ended.code, value: JSON.parse(ended.stdout) };
  };
  return { json, plain: (...words: string[]) => af(["schedules", ...words], { cwd }) };
}

const weekdays = ["weekdays", greet, "--cron", "0 9 * * 1-5", "--time-zone", "Europe/Berlin"];

test("schedules are added, listed, paused, resumed and removed", async (context) => {
  const { json, plain } = inFolder(temporaryFolder(context));
  assert.deepEqual(await json("list"), { code: 0, value: [] });
  assert.match((await plain("list")).stderr, /No schedules here/);
  const added = await json(
    "add",
    ...weekdays,
    "--input",
    '{"name":"Ada"}',
    "--missed",
    "latest",
    "--overlap",
    "skip",
  );
  assert.equal(added.code, 0);
  const { nextAt, ...made } = added.value;
  assert.ok(nextAt > Date.now());
  assert.deepEqual(made, {
    name: "weekdays",
    workflow: "greet",
    cron: "0 9 * * 1-5",
    timeZone: "Europe/Berlin",
    input: { name: "Ada" },
    missed: "latest",
    overlap: "skip",
    isPaused: false,
  });
  assert.deepEqual((await json("list")).value, [added.value]);
  const listed = await plain("list");
  assert.match(
    listed.stdout,
    /^SCHEDULE .*\nweekdays +greet +0 9 \* \* 1-5 +Europe\/Berlin +20\d\d-.* 0[78]:00:00\n$/,
  );
  assert.equal((await json("pause", "weekdays")).value.isPaused, true);
  assert.match((await plain("list")).stdout, /Europe\/Berlin +paused\n/);
  assert.equal((await json("resume", "weekdays")).value.nextAt, nextAt);
  assert.deepEqual(await json("remove", "weekdays"), { code: 0, value: { name: "weekdays", removed: true } });
  assert.deepEqual((await json("list")).value, []);
});

test("what cannot be a schedule is refused, and nothing is stored", async (context) => {
  const { json } = inFolder(temporaryFolder(context));
  const wrong: readonly [number, string, ...string[]][] = [
    [2, "AF_USAGE", "add", "news", greet],
    [3, "AF_ARGUMENT_INVALID", "add", "news", greet, "--cron", "often", "--input", '{"name":"Ada"}'],
    [3, "AF_ARGUMENT_INVALID", "add", "a b", greet, "--cron", "0 9 * * *", "--input", '{"name":"Ada"}'],
    [3, "AF_INPUT_INVALID", "add", "news", greet, "--cron", "0 9 * * *"],
    [3, "AF_ARGUMENT_INVALID", "pause", "news"],
  ];
  for (const [code, error, ...words] of wrong) {
    const refused = await json(...words);
    assert.deepEqual([refused.code, refused.value.error.code], [code, error], words.join(" "));
  }
  assert.deepEqual((await json("list")).value, []);
});

test("the file of a schedule's runs is known: they are replayed without naming it", async (context) => {
  const cwd = temporaryFolder(context);
  const { json } = inFolder(cwd);
  const input = JSON.stringify({ file: join(cwd, "noted") });
  assert.equal((await json("add", "each-second", tick, "--cron", "* * * * * *", "--input", input)).code, 0);
  let isTold = false;
  const served = await af(["serve", tick, "--json"], {
    cwd,
    onOutput: (stdout, signal) => {
      if (!isTold && stdout.includes("run.succeeded")) signal("SIGTERM");
      isTold ||= stdout.includes("run.succeeded");
    },
  });
  assert.equal(served.code, 0, served.stderr);
  const [schedule] = (await json("list")).value;
  const replayed = await af(["replay", schedule.lastRunId, "--json"], { cwd });
  assert.equal(replayed.code, 0, replayed.stderr);
});
