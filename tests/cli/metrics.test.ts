import assert from "node:assert/strict";
import { test } from "node:test";
import { type Scrape, scrape } from "../observability/scrape.ts";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const slow = fixture("workflows/slow.ts");
const greet = fixture("workflows/greet.ts");

test("af run --metrics-port serves metrics while the run goes on", async (context) => {
  const cwd = temporaryFolder(context);
  let scraping: Promise<Scrape> | undefined;
  const ended = await af(["run", slow, "--metrics-port", "0"], {
    cwd,
    onProgress: (stderr, signal) => {
      const url = /^Metrics at (http:\S+)$/m.exec(stderr)?.[1];
      if (url === undefined || !stderr.includes("step.succeeded") || scraping !== undefined) return;
      scraping = scrape(url).finally(() => signal("SIGINT"));
    },
  });
  assert.equal(ended.code, 130, ended.stderr);
  const scraped = await scraping;
  const labels = { tenant: "default", workflow_id: "slow" };
  assert.equal(scraped?.value("inflight_nodes", labels), 1);
  assert.equal(scraped?.value("step_latency_ms", { ...labels, outcome: "succeeded" }), 1);
});

test("af run says which port it could not have, and starts nothing", async (context) => {
  const cwd = temporaryFolder(context);
  const env = { AF_METRICS_PORT: "1", AF_METRICS_HOST: "192.0.2.1" };
  const ended = await af(["run", greet, "--input", '{"name":"Ada"}', "--json"], { cwd, env });
  assert.equal(ended.code, 3, ended.stderr);
  assert.equal(JSON.parse(ended.stdout).error.code, "AF_CONFIG");
  assert.match(ended.stdout, /192\.0\.2\.1:1/);
  assert.equal((await af(["runs", "--json"], { cwd })).stdout, "[]\n");
});
