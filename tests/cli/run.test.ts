import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { af, afInTerminal, fixture, temporaryFolder } from "./spawn-af.ts";

const greet = fixture("workflows/greet.ts");
const gated = fixture("workflows/gated.ts");
const slow = fixture("workflows/slow.ts");
const wordCount = fixture("workflows/word-count.ts");

test("af run --json prints one object with the whole run, and progress elsewhere", async (context) => {
  const cwd = temporaryFolder(context);
  const ended = await af(["run", greet, "--input", '{"name":"Ada"}', "--json", "--run-id", "first"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(ended.stdout.trim().split("\n").length, 1);
  const { runId, status, workflow, state, steps, durationMs, events } = JSON.parse(ended.stdout);
  assert.deepEqual([runId, status, workflow], ["first", "succeeded", "greet"]);
  assert.deepEqual(state, { name: "Ada", greeting: "Hello, Ada", loud: "HELLO, ADA" });
  assert.deepEqual(
    steps.map((step: Record<string, unknown>) => [
      step["stepId"],
      step["node"],
      step["status"],
      step["attempts"],
    ]),
    [
      ["0.compose", "compose", "succeeded", 1],
      ["1.shout", "shout", "succeeded", 1],
    ],
  );
  for (const step of steps) assert.equal(typeof step.durationMs, "number");
  assert.equal(typeof durationMs, "number");
  assert.equal(events["step.succeeded"], 2);
  assert.match(ended.stderr, /step\.succeeded +0\.compose/);
  assert.match(ended.stderr, /Next: af show first/);
});

test("without --json the state is the data, and it is complete in a pipe", async (context) => {
  const cwd = temporaryFolder(context);
  const text = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
  writeFileSync(join(cwd, "input.json"), JSON.stringify({ text }));
  const ended = await af(["run", wordCount, "--input", "@input.json"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  const state = JSON.parse(ended.stdout);
  assert.equal(state.lengths.length, 60);
  assert.equal(state.total, text.replaceAll(" ", "").length);
});

test("input comes from standard input too, and --quiet shows no steps", async (context) => {
  const cwd = temporaryFolder(context);
  const ended = await af(["run", greet, "--input", "-", "--quiet"], { cwd, input: '{"name":"Bo"}' });
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /Hello, Bo/);
  assert.doesNotMatch(ended.stderr, /step\./);
});

test("a run directory holds manifest, events and artifacts; off writes none", async (context) => {
  const cwd = temporaryFolder(context);
  const input = ["--input", '{"text":"a bc"}'];
  await af(["run", wordCount, ...input, "--run-id", "kept"], { cwd });
  assert.equal(JSON.parse(readFileSync(join(cwd, "runs/kept/manifest.json"), "utf8")).status, "succeeded");
  assert.equal(readFileSync(join(cwd, "runs/kept/artifacts/total.txt"), "utf8"), "3\n");
  await af(["run", wordCount, ...input, "--run-id", "bare", "--runs-directory", "off"], { cwd });
  assert.equal(existsSync(join(cwd, "runs/bare")), false);
});

test("an id that other work has taken is refused and its run is left alone", async (context) => {
  const cwd = temporaryFolder(context);
  const words = (name: string) => [
    "run",
    greet,
    "--input",
    JSON.stringify({ name }),
    "--run-id",
    "one",
    "--json",
  ];
  assert.equal((await af(words("Ada"), { cwd })).code, 0);
  const again = await af(words("Bob"), { cwd });
  assert.equal(again.code, 3, again.stderr);
  assert.equal(JSON.parse(again.stdout).error.code, "AF_RUN_EXISTS");
  assert.equal(JSON.parse((await af(["show", "one", "--json"], { cwd })).stdout).status, "succeeded");
});

test("a failed run ends with 1 and says step, cause and how to go on; resume runs only what is left", async (context) => {
  const cwd = temporaryFolder(context);
  const gate = join(cwd, "gate");
  const failed = await af(["run", gated, "--input", JSON.stringify({ gate }), "--run-id", "g", "--json"], {
    cwd,
  });
  assert.equal(failed.code, 1, failed.stderr);
  const report = JSON.parse(failed.stdout);
  assert.equal(report.status, "failed");
  assert.match(JSON.stringify(report.error), /the gate is closed/);
  assert.match(report.error.causes.join(" "), /no file/);
  assert.equal(report.error.failed.step, "1.pass");
  assert.deepEqual(report.error.failed.lastOutput, { step: "0.prepare", delta: { log: ["prepared"] } });
  assert.match(failed.stderr, /af resume g/);

  writeFileSync(gate, "");
  const resumed = await af(["resume", "g", "--json"], { cwd });
  assert.equal(resumed.code, 0, resumed.stderr);
  const { status, state, resumed: told } = JSON.parse(resumed.stdout);
  assert.equal(status, "succeeded");
  assert.deepEqual(state.log, ["prepared", "passed true", "finished"]);
  assert.deepEqual(told, { skipped: ["0.prepare"], executed: ["1.pass", "2.finish"] });
  assert.match(resumed.stderr, /skipped +1 committed step: 0\.prepare/);
});

test("af run --resume takes the newest unfinished run of the workflow", async (context) => {
  const cwd = temporaryFolder(context);
  const gate = join(cwd, "gate");
  await af(["run", greet, "--input", '{"name":"Ada"}'], { cwd });
  await af(["run", gated, "--input", JSON.stringify({ gate }), "--run-id", "g"], { cwd });
  writeFileSync(gate, "");
  const resumed = await af(["run", gated, "--resume", "--json"], { cwd });
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(JSON.parse(resumed.stdout).runId, "g");
  const other = await af(["run", greet, "--resume", "g"], { cwd });
  assert.equal(other.code, 3, other.stderr);
  assert.match(other.stderr, /belongs to the workflow gated/);
});

test("resuming a run that has ended gives its result and executes nothing", async (context) => {
  const cwd = temporaryFolder(context);
  await af(["run", greet, "--input", '{"name":"Ada"}', "--run-id", "done"], { cwd });
  const resumed = await af(["resume", "done", "--json"], { cwd });
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.deepEqual(JSON.parse(resumed.stdout).resumed, { skipped: ["0.compose", "1.shout"], executed: [] });
});

for (const name of ["SIGINT", "SIGTERM"] as const) {
  test(`${name} parks the run, prints how to go on and ends with 130`, async (context) => {
    const cwd = temporaryFolder(context);
    let sent = false;
    const parked = await af(["run", slow, "--run-id", "s", "--json"], {
      cwd,
      onProgress(stderr, signal) {
        if (sent || !stderr.includes("0.quick")) return;
        sent = true;
        signal(name);
      },
    });
    assert.equal(parked.code, 130, parked.stderr);
    assert.match(parked.stderr, /Go on with: af resume s/);
    assert.equal(JSON.parse(parked.stdout).parked, true);

    const resumed = await af(["resume", "s", "--json"], { cwd, env: { SLOW_PASSES: "1" } });
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.deepEqual(JSON.parse(resumed.stdout).state.log, ["quick", "waited"]);
    assert.deepEqual(JSON.parse(resumed.stdout).resumed, { skipped: ["0.quick"], executed: ["1.wait"] });
  });
}

test("with --grace a run that is told to stop finishes the step it is in, and starts no other", async (context) => {
  const cwd = temporaryFolder(context);
  let sent = false;
  const parked = await af(
    ["run", fixture("workflows/steady.ts"), "--run-id", "s", "--grace", "1m", "--json"],
    {
      cwd,
      onProgress(stderr, signal) {
        if (sent || !stderr.includes("0.quick")) return;
        sent = true;
        signal("SIGTERM");
      },
    },
  );
  assert.equal(parked.code, 130, parked.stderr);
  assert.match(parked.stderr, /Parking the run when its running steps have ended/);
  assert.deepEqual(JSON.parse(parked.stdout).state.log, ["quick", "worked"]);
  const resumed = await af(["resume", "s", "--json"], { cwd });
  assert.deepEqual(JSON.parse(resumed.stdout).resumed, {
    skipped: ["0.quick", "1.work"],
    executed: ["2.last"],
  });
  assert.equal((await af(["resume", "s", "--grace", "soon"], { cwd })).code, 2);
});

test("Ctrl-C in a terminal parks the run, with its table on the screen", async (context) => {
  const cwd = temporaryFolder(context);
  let typed = false;
  const parked = await afInTerminal(["run", slow, "--run-id", "s"], {
    cwd,
    onScreen(screen, type) {
      if (typed || !/1\.wait\S* .*running/.test(screen)) return;
      typed = true;
      type("\u0003");
    },
  });
  assert.equal(parked.code, 130, parked.screen);
  assert.match(parked.screen, /0\.quick.*✔ succeeded/);
  assert.match(parked.screen, /Go on with: af resume s/);
});

test("a run that waits for a person ends with 6 and af why says for what", async (context) => {
  const cwd = temporaryFolder(context);
  const words = ["run", fixture("workflows/approval.ts"), "--input", '{"amount":3}', "--run-id", "w"];
  const waiting = await af([...words, "--json"], { cwd });
  assert.equal(waiting.code, 6, waiting.stderr);
  assert.equal(JSON.parse(waiting.stdout).status, "waiting");
  const why = await af(["why", "w"], { cwd });
  assert.equal(why.code, 0, why.stderr);
  assert.match(why.stdout, /approve/);
});

test("a run over its time budget ends with 7", async (context) => {
  const cwd = temporaryFolder(context);
  const ended = await af(["run", slow, "--json"], { cwd, env: { AF_RUN_BUDGET_MS: "50" } });
  assert.equal(ended.code, 7, ended.stderr);
  assert.equal(JSON.parse(ended.stdout).error.code, "AF_RUN_BUDGET");
});

test("af run --replay proves the run, and af replay names where changed code diverges", async (context) => {
  const cwd = temporaryFolder(context);
  const salted = fixture("workflows/salted.ts");
  const run = await af(["run", salted, "--replay", "--run-id", "r", "--json"], {
    cwd,
    env: { SALT: "thyme" },
  });
  assert.equal(run.code, 0, run.stderr);
  assert.equal(JSON.parse(run.stdout).replay.matches, true);
  assert.match(run.stderr, /Replay matches/);

  const same = await af(["replay", "r"], { cwd, env: { SALT: "thyme" } });
  assert.equal(same.code, 0, same.stderr);
  const other = await af(["replay", "r", "--json"], { cwd, env: { SALT: "dill" } });
  assert.equal(other.code, 1, other.stderr);
  const { matches, divergence } = JSON.parse(other.stdout);
  assert.equal(matches, false);
  assert.equal(divergence.stepId, "0.season");
  assert.match(JSON.stringify(divergence.expected), /thyme/);
  assert.match(JSON.stringify(divergence.actual), /dill/);

  const strict = await af(["replay", "r", "--strict", "--json"], { cwd, env: { SALT: "dill" } });
  assert.equal(strict.code, 1, strict.stderr);
  assert.equal(JSON.parse(strict.stdout).error.code, "AF_REPLAY_MISMATCH");
});

test("the same seed gives the same run id apart the same state, also in memory", async (context) => {
  const cwd = temporaryFolder(context);
  const words = [
    "run",
    wordCount,
    "--input",
    '{"text":"x yy"}',
    "--seed",
    "7",
    "--store",
    "memory:",
    "--json",
  ];
  const [first, second] = [await af(words, { cwd }), await af(words, { cwd })];
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(JSON.parse(first.stdout).state, JSON.parse(second.stdout).state);
  assert.equal(existsSync(join(cwd, ".agentflow/agentflow.db")), false);
  assert.doesNotMatch(first.stderr, /af show/, "nothing is left to show");
});

test("a run that only sleeps is waited for", async (context) => {
  const cwd = temporaryFolder(context);
  const ended = await af(["run", fixture("workflows/nap.ts"), "--json"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(JSON.parse(ended.stdout).state.log, ["rested"]);
  assert.match(ended.stderr, /timer\.set +0\.rest/);
});

test("a run that another process advances is not taken; once that process is killed, it is", async (context) => {
  const cwd = temporaryFolder(context);
  const working = Promise.withResolvers<() => void>();
  const first = af(["run", slow, "--run-id", "s"], {
    cwd,
    onProgress(stderr, signal) {
      if (stderr.includes("0.quick")) working.resolve(() => signal("SIGKILL"));
    },
  });
  const kill = await working.promise;
  const second = await af(["resume", "s", "--json"], { cwd, env: { SLOW_PASSES: "1" } });
  assert.equal(second.code, 1, second.stderr);
  assert.equal(JSON.parse(second.stdout).error.code, "AF_RUN_OWNED");
  kill();
  assert.equal((await first).code, null);
  const third = await af(["resume", "s", "--json"], { cwd, env: { SLOW_PASSES: "1" } });
  assert.equal(third.code, 0, third.stderr);
  const { state, resumed, events } = JSON.parse(third.stdout);
  assert.deepEqual(state.log, ["quick", "waited"]);
  assert.deepEqual(resumed, { skipped: ["0.quick"], executed: ["1.wait"] });
  assert.equal(events["run.recovered"], 1);
});

test("an error that no step awaits parks the run, is shown with its stack, and ends with 1", async (context) => {
  const cwd = temporaryFolder(context);
  const ended = await af(["run", fixture("workflows/stray.ts"), "--run-id", "s", "--json"], { cwd });
  assert.equal(ended.code, 1, ended.stderr);
  const { parked, error } = JSON.parse(ended.stdout);
  assert.deepEqual([parked, error.message], [true, "nobody waits for me"]);
  assert.match(ended.stderr, /stray\.ts:/);
  assert.match(ended.stderr, /Go on with: af resume s/);
  const resumed = await af(["resume", "s", "--json"], { cwd, env: { CALM: "1" } });
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.deepEqual(JSON.parse(resumed.stdout).resumed, { skipped: ["0.quick"], executed: ["1.start"] });
});
