import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { af, type Ended, fixture, temporaryFolder } from "./spawn-af.ts";

const approval = fixture("workflows/approval.ts");
const decisions = fixture("workflows/decisions.ts");
const slow = fixture("workflows/slow.ts");
const ids = ["1.each[0]#decide[0]", "1.each[1]#decide[0]"];

/** `af` in a folder, its JSON parsed. */
function inFolder(cwd: string) {
  const plain = (...words: string[]): Promise<Ended> => af(words, { cwd });
  const json = async (...words: string[]) => {
    const ended = await af([...words, "--json"], { cwd });
    return { code: ended.code, value: JSON.parse(ended.stdout), stderr: ended.stderr };
  };
  return { plain, json };
}

async function startApproval(cwd: string, runId: string): Promise<void> {
  const ended = await af(["run", approval, "--input", '{"amount":3}', "--run-id", runId], { cwd });
  assert.equal(ended.code, 6, ended.stderr);
}

test("af approvals lists what waits, af approve answers the only one, and af show says who did", async (context) => {
  const cwd = temporaryFolder(context);
  const { plain, json } = inFolder(cwd);
  assert.deepEqual(await json("approvals"), { code: 0, value: [], stderr: "" });
  await startApproval(cwd, "w");
  const { value: open } = await json("approvals", "--workflow", "approval");
  assert.deepEqual(
    open.map(({ runId, id, payload }: Record<string, unknown>) => ({ runId, id, payload })),
    [{ runId: "w", id: "0.ask#approve[0]", payload: { amount: 3 } }],
  );
  assert.deepEqual((await json("approvals", "--workflow", "other")).value, []);
  const table = await plain("approvals");
  assert.match(table.stdout, /^RUN +INTERRUPT.*\nw +0\.ask#approve\[0\] +approval .*\{"amount":3\}\n$/);

  const approved = await json("approve", "w");
  assert.equal(approved.code, 0, approved.stderr);
  const by = `${userInfo().username}@${hostname()}`;
  assert.deepEqual(approved.value, { runId: "w", id: "0.ask#approve[0]", value: true, by });
  assert.match(approved.stderr, /Next: af resume w/);
  assert.deepEqual((await json("approvals")).value, []);
  const resumed = await json("resume", "w");
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(resumed.value.state.approved, true);
  const shown = await json("show", "w");
  assert.deepEqual(
    shown.value.said.map(({ at: _at, ...rest }: Record<string, unknown>) => rest),
    [{ event: "interrupt.answered", id: "0.ask#approve[0]", by }],
  );
  assert.ok((await plain("show", "w")).stdout.includes(`0.ask#approve[0] answered by ${by}`));

  const late = await json("reject", "w", "0.ask#approve[0]");
  assert.deepEqual([late.code, late.value.error.code], [3, "AF_ANSWER_CONFLICT"]);
  const nothing = await json("reject", "w");
  assert.deepEqual([nothing.code, nothing.value.error.code], [5, "AF_INTERRUPT_NOT_FOUND"]);
  const gone = await json("approve", "nowhere");
  assert.deepEqual([gone.code, gone.value.error.code], [5, "AF_RUN_NOT_FOUND"]);
});

test("of several the one that is meant is to be named; any JSON, a file and standard input answer, and a wrong answer is refused", async (context) => {
  const cwd = temporaryFolder(context);
  const { plain, json } = inFolder(cwd);
  assert.equal((await plain("run", decisions, "--run-id", "d")).code, 6);
  const which = await json("approve", "d");
  assert.deepEqual([which.code, which.value.error.code], [2, "AF_USAGE"]);
  for (const id of ids) assert.ok(which.value.error.hint.includes(id), which.value.error.hint);
  assert.equal((await json("answer", "d")).code, 2);
  assert.equal((await json("answer", "d", ids[0] ?? "", "--value", "yes")).code, 3);
  assert.equal((await json("answer", "d", ids[0] ?? "", "--value", "@missing.json")).code, 3);

  assert.equal((await json("answer", "d", ids[0] ?? "", "--value", '"nonsense"', "--by", "bob")).code, 0);
  assert.equal((await plain("reject", "d", "--by", "eve")).code, 0, "only one is left");
  assert.equal((await plain("resume", "d")).code, 6);
  const open = await json("approvals");
  assert.deepEqual(
    open.value.map(({ id }: { id: string }) => id),
    [ids[0]],
  );
  writeFileSync(join(cwd, "edit.json"), '{"edit":"shorter"}');
  assert.equal((await plain("answer", "d", "--value", "@edit.json", "--by", "ada")).code, 0);
  assert.equal((await plain("resume", "d")).code, 6);

  const signalled = await json("signal", "d", "paid", "--value", '{"cents":5}', "--by", "bank");
  assert.deepEqual(signalled.value, { runId: "d", key: "paid", value: { cents: 5 }, by: "bank" });
  const done = await json("resume", "d");
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(done.value.state.said, ['title {"edit":"shorter"}', "text false", 'paid {"cents":5}']);
  const said = (await json("show", "d")).value.said as { event: string; by: string }[];
  assert.deepEqual(said.map(({ event, by }) => `${event} ${by}`).sort(), [
    "interrupt.answered ada",
    "interrupt.answered eve",
    "interrupt.refused bob",
  ]);
});

test("af approvals -f goes on with what comes, one line of JSON each, until it is interrupted", async (context) => {
  const cwd = temporaryFolder(context);
  await startApproval(cwd, "first");
  let started: Promise<void> | undefined;
  const followed = await af(["approvals", "-f", "--json"], {
    cwd,
    onOutput(stdout, signal) {
      if (stdout.includes('"first"')) started ??= startApproval(cwd, "second");
      if (stdout.includes('"second"')) signal("SIGINT");
    },
  });
  await started;
  assert.equal(followed.code, 130, followed.stderr);
  const lines = followed.stdout.trim().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).runId),
    ["first", "second"],
  );
});

test("af cancel and af pause take a run that nobody executes", async (context) => {
  const cwd = temporaryFolder(context);
  const { plain, json } = inFolder(cwd);
  await startApproval(cwd, "w");
  const paused = await json("pause", "w", "--by", "ada");
  assert.deepEqual([paused.code, paused.value.status], [0, "paused"], paused.stderr);
  assert.equal((await plain("pause", "w")).code, 0, "it is paused already");
  assert.equal((await plain("resume", "w")).code, 6);
  const cancelled = await json("cancel", "w", "--by", "eve");
  assert.deepEqual([cancelled.code, cancelled.value.status], [0, "cancelled"], cancelled.stderr);
  const said = (await json("show", "w")).value.said as { event: string; by: string }[];
  assert.deepEqual(
    said.map(({ event, by }) => `${event} ${by}`),
    ["run.paused ada", "run.cancelled eve"],
  );
  const over = await json("pause", "w");
  assert.deepEqual([over.code, over.value.error.code], [3, "AF_RUN_STATUS"]);
});

for (const kind of ["pause", "cancel"] as const) {
  test(`af ${kind} reaches the process that executes the run, whose step is told by its signal`, async (context) => {
    const cwd = temporaryFolder(context);
    const { json } = inFolder(cwd);
    let asked: ReturnType<typeof json> | undefined;
    const stopped = await af(["run", slow, "--run-id", "s", "--json"], {
      cwd,
      onProgress(stderr) {
        if (stderr.includes("0.quick")) asked ??= json(kind, "s");
      },
    });
    const status = kind === "pause" ? "paused" : "cancelled";
    assert.equal(stopped.code, kind === "pause" ? 130 : 1, stopped.stderr);
    assert.equal(JSON.parse(stopped.stdout).status, status);
    const { code, value } = (await asked) ?? {};
    assert.deepEqual([code, value?.status], [0, status]);
    const resumed = await af(["resume", "s", "--json"], { cwd, env: { SLOW_PASSES: "1" } });
    if (kind === "pause")
      assert.deepEqual(
        JSON.parse(resumed.stdout).state.log,
        ["quick", "waited"],
        "the late result is dropped",
      );
    else assert.deepEqual([JSON.parse(resumed.stdout).status], ["cancelled"]);
  });
}
