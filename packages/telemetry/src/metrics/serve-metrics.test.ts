import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "@agentflow/core";
import { prometheusMetrics } from "./prometheus-metrics.ts";
import { serveMetrics } from "./serve-metrics.ts";

test("metrics are at /metrics and nothing else is anywhere", async () => {
  await using server = await serveMetrics(prometheusMetrics(), { port: 0 });
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const found = await fetch(`${server.url}?name[]=inflight_nodes`);
  assert.equal(found.status, 200);
  assert.match(await found.text(), /^# TYPE step_latency_ms histogram$/m);
  const head = await fetch(server.url, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  const posted = await fetch(server.url, { method: "POST", body: "x" });
  assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
  const other = await fetch(new URL("/", server.url));
  assert.equal(other.status, 404);
  assert.match(await other.text(), /\/metrics/);
});

test("a port that is taken is an error of the configuration that names it", async () => {
  await using first = await serveMetrics(prometheusMetrics(), { port: 0 });
  const port = Number(new URL(first.url).port);
  await assert.rejects(serveMetrics(prometheusMetrics(), { port }), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}: the port is taken`));
    return true;
  });
});

test("closing ends connections that a scraper keeps open, and twice is once", async () => {
  const server = await serveMetrics(prometheusMetrics(), { port: 0 });
  await (await fetch(server.url)).text();
  await server.close();
  await server.close();
  await assert.rejects(fetch(server.url));
});
