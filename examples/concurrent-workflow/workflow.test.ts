import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "agentflow";
import { startFlakySite } from "./flaky-site.ts";
import { inventory } from "./workflow.ts";

async function runInventory(maxConcurrent: number) {
  await using site = await startFlakySite();
  await using engine = await createEngine({ store: "memory:", maxConcurrent });
  const run = await engine.start(inventory, { site: site.url });
  const state = await run.result();
  const replay = await engine.replay(run.runId, inventory);
  return { site, state, replay, steps: (await engine.inspect(run.runId)).steps };
}

test("the fan-out never goes beyond its bound, and its results stand in the order of the list", async () => {
  const { site, state } = await runInventory(16);
  assert.equal(site.concurrencyMax(), 3);
  const expected = state.paths.filter((path) => path !== "/page/7");
  assert.deepEqual(
    state.pages.map(({ path }) => path),
    expected,
  );
  assert.equal(state.pages.length, 11);
});

test("a busy page is tried again, a page that is gone is asked for once and reported", async () => {
  const { site, state, steps } = await runInventory(16);
  assert.equal(site.requests.get("/page/4"), 2);
  assert.equal(steps.find(({ stepId }) => stepId === "1.fetch[3]")?.attempts, 2);
  assert.equal(site.requests.get("/page/7"), 1);
  assert.deepEqual(state.missing, [{ path: "/page/7", reason: "status 404" }]);
});

test("the summary waits for both branches and is the same one step at a time; replay asks the site for nothing", async () => {
  const wide = await runInventory(16);
  const narrow = await runInventory(1);
  assert.equal(wide.state.summary, "11 pages, 201 bytes; imprint 19 bytes\n/page/7 is missing (status 404)");
  assert.equal(narrow.state.summary, wide.state.summary);
  assert.equal(narrow.site.concurrencyMax(), 1);
  assert.ok(wide.replay.matches);
  const asked = [...wide.site.requests.values()].reduce((sum, count) => sum + count, 0);
  assert.equal(asked, 15);
});
