import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertCalls,
  assertOrder,
  assertReplays,
  exploreCrashes,
  exploreInterleavings,
  testRun,
} from "agentflow/testing";
import type { Fetched } from "./workflow.ts";
import { inventory } from "./workflow.ts";

const site = { site: "http://site" };
const list = ["/page/1", "/page/2", "/page/3", "/page/4"];

/** A site whose second page is busy at its first attempt and whose third is gone. */
function fetchPage(url: string, { attempt }: { readonly attempt: number }): Fetched {
  const status = url.endsWith("/2") && attempt === 1 ? 503 : url.endsWith("/3") ? 404 : 200;
  if (status !== 200) throw Object.assign(new Error(`status ${status}`), { status });
  return { sizeBytes: url.length, licence: url.endsWith("/4") ? "MIT" : "Apache-2.0" };
}

const io = { list, fetch: fetchPage, imprint: { sizeBytes: 7, licence: "MIT" } };

test("the results stand in the order of the list, and the summary waits for both branches", async () => {
  const run = await testRun(inventory, site, { io });
  assert.deepEqual(
    run.result.pages.map(({ path }) => path),
    ["/page/1", "/page/2", "/page/4"],
  );
  assertOrder(run, "list", "fetch", "summarise");
  assertOrder(run, "list", "imprint", "summarise");
  assert.equal(
    run.result.summary,
    "3 pages, 54 bytes, at most 18; imprint 7 bytes\nunder Apache-2.0 and MIT\n/page/3 is missing (status 404)",
  );
  await assertReplays(run);
});

test("a busy page is tried again, a page that is gone is asked for once and reported", async () => {
  const { result, steps, calls } = await testRun(inventory, site, { io });
  assert.deepEqual(result.missing, [{ path: "/page/3", reason: "status 404" }]);
  assert.equal(steps.find(({ stepId }) => stepId === "1.fetch[1]")?.attempts, 2);
  assertCalls({ calls: calls.filter(({ stepId }) => stepId === "1.fetch[2]") }, ["fetch"]);
});

test("what pages say of their licence is joined by the conflict policy, whoever comes last", async () => {
  const fetch = (url: string): Fetched => ({ sizeBytes: 1, licence: url.endsWith("/1") ? "MIT" : "ISC" });
  const { runs, orders } = await exploreInterleavings(inventory, site, {
    io: { ...io, fetch },
    runs: 100,
    check: ({ result }) => assert.equal(result.licence, "MIT and ISC"),
  });
  assert.ok(orders > runs / 2, `${orders} orders`);
});

test("a crash at any point changes nothing", async () => {
  const { points } = await exploreCrashes(inventory, site, { io });
  assert.ok(points > 10, `${points} points`);
});
