import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RunDiff } from "agentflow";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const greet = fixture("workflows/greet.ts");

async function greeted(context: TestContext): Promise<string> {
  const cwd = temporaryFolder(context);
  const ended = await af(["run", greet, "--input", '{"name":"Ada"}', "--run-id", "one", "-q"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return cwd;
}

test("af history lists the checkpoints, af fork starts from one, af diff says what came of it", async (context) => {
  const cwd = await greeted(context);
  const listed = await af(["history", "one"], { cwd });
  assert.match(listed.stdout, /^EVENT {2}AFTER STEP {2}NEXT\n/);
  assert.match(listed.stderr, /Next: af fork one --at \d+/);
  const checkpoints = JSON.parse((await af(["history", "one", "--json"], { cwd })).stdout) as {
    event: number;
    next: string[];
  }[];
  const [first] = checkpoints;
  assert.ok(first !== undefined && first.next.length === 1);
  const patch = join(cwd, "patch.json");
  writeFileSync(patch, '{"greeting":"Good day"}');
  const words = ["fork", "one", "--at", String(first.event), "--patch", `@${patch}`, "--run-id", "two"];
  const forked = await af([...words, "--json", "-q"], { cwd });
  assert.equal(forked.code, 0, forked.stderr);
  const report = JSON.parse(forked.stdout) as { state: { loud: string }; forkedFrom: string };
  assert.deepEqual([report.state.loud, report.forkedFrom], ["GOOD DAY", "one"]);
  const told = await af(["diff", "one", "two"], { cwd });
  assert.match(told.stdout, /^They part at 1\.\w+, in delta\.loud; 1 step went the same way\.$/m);
  assert.match(told.stdout, /^ {4}\+ "GOOD DAY"$/m);
  const diff = JSON.parse((await af(["diff", "one", "two", "--json"], { cwd })).stdout) as RunDiff;
  assert.deepEqual(diff.state.map(({ path }) => path).sort(), ["greeting", "loud"]);
  const states = await af(["diff", "one@1", `one@${first.event}`, "--json"], { cwd });
  assert.deepEqual(
    (JSON.parse(states.stdout) as { path: string }[]).map(({ path }) => path),
    ["greeting"],
  );
  assert.match((await af(["diff", "one", "one"], { cwd })).stdout, /went the same way, 2 steps\./);
});

test("af fork --dry-run changes nothing, and what cannot be forked says why", async (context) => {
  const cwd = await greeted(context);
  const dry = await af(["fork", "one", "--dry-run"], { cwd });
  assert.match(dry.stdout, /keeps 0 steps\.\nIt does again 2 steps/);
  const cases: [string[], number, RegExp][] = [
    [["fork", "one", "--at", "9.nowhere"], 3, /AF_FORK_POINT/],
    [["fork", "one", "--patch", "[]"], 3, /--patch is no object/],
    [["fork", "one", "--patch", '{"greetin":1}'], 3, /The patch has the field "greetin"/],
    [["fork", "nobody"], 5, /AF_RUN_NOT_FOUND/],
    [["diff", "one", "one@1"], 2, /A state is compared with a state/],
    [["history", "nobody", "--json"], 5, /AF_RUN_NOT_FOUND/],
  ];
  for (const [words, code, problem] of cases) {
    const ended = await af(words, { cwd });
    assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stderr}`);
    assert.match(`${ended.stderr}${ended.stdout}`, problem);
  }
  const listed = await af(["runs", "--json"], { cwd });
  assert.equal((JSON.parse(listed.stdout) as unknown[]).length, 1);
});
