import assert from "node:assert/strict";
import { test } from "node:test";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const order = fixture("workflows/order.ts");

test("af runs, shows and replays a flow, and tells what a failed one has undone", async (context) => {
  const cwd = temporaryFolder(context);
  const good = await af(["run", order, "--input", '{"item":"tea","card":"good"}', "--run-id", "good"], {
    cwd,
  });
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /"output": "reserved tea"/);
  const replay = await af(["replay", "good", "--strict"], { cwd });
  assert.equal(replay.code, 0, replay.stderr);
  const bad = await af(["run", order, "--input", '{"item":"tea","card":"refused"}', "--run-id", "bad"], {
    cwd,
  });
  assert.equal(bad.code, 1, bad.stderr);
  assert.doesNotMatch(bad.stderr, /af resume/);
  const show = await af(["show", "bad"], { cwd });
  assert.match(show.stdout, /The card was refused[\s\S]*\n1 step undone, because it failed\n/);
  const shown = JSON.parse((await af(["show", "bad", "--json"], { cwd })).stdout);
  assert.deepEqual(shown.compensation.report, { compensated: 1, failed: [] });
  const why = await af(["why", "bad"], { cwd });
  assert.match(why.stdout, /1 step undone, because it failed/);
  assert.doesNotMatch(why.stderr, /af resume/);
  const resumed = await af(["resume", "bad"], { cwd });
  assert.notEqual(resumed.code, 0);
  assert.match(resumed.stderr, /AF_RUN_STATUS.*its steps were undone/s);
});
