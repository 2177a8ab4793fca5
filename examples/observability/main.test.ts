import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the program runs workflows, serves their metrics and sends their traces until it is told to stop", async (context) => {
  const names = new Set<string>();
  const collector = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    for (const [, name = ""] of body.matchAll(/"name":"([^"]+)"/g)) names.add(name);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  context.after(() => {
    collector.close();
    collector.closeAllConnections();
  });
  const { port } = collector.address() as AddressInfo;
  const program = fileURLToPath(new URL("main.ts", import.meta.url));
  const env = {
    ...process.env,
    PAUSE_MS: "1",
    AF_METRICS_PORT: "0",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let output = "";
  let metrics: string | undefined;
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    output += chunk;
    const url = /Metrics at (\S+),/.exec(output)?.[1];
    if (metrics !== undefined || url === undefined || !output.includes(" succeeded")) continue;
    metrics = await (await fetch(url)).text();
    child.kill("SIGTERM");
  }
  assert.deepEqual(await ended, [0, null]);
  assert.match(
    metrics ?? "",
    /^step_latency_ms_count\{tenant="default",workflow_id="digest",outcome="succeeded"\} /m,
  );
  for (const name of [
    "start digest",
    "invoke_workflow digest",
    "step read",
    "step page",
    "execute_tool fetch",
    "commit",
  ])
    assert.ok(names.has(name), name);
});
