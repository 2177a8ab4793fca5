import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, test } from "node:test";
import { service } from "./services.ts";

const required = process.env["AF_REQUIRE_SERVICES"];

afterEach(() => {
  if (required === undefined) delete process.env["AF_REQUIRE_SERVICES"];
  else process.env["AF_REQUIRE_SERVICES"] = required;
});

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert(typeof address === "object" && address !== null);
  return address.port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

test("a service that answers is not skipped", async () => {
  await using server = createServer();
  const port = await portOf(server);
  assert.deepEqual(await service("redis", { host: "127.0.0.1", port }), { skip: false });
});

test("a missing service is skipped with its name and address", async () => {
  delete process.env["AF_REQUIRE_SERVICES"];
  const port = await closedPort();
  const { skip } = await service("redis", { host: "127.0.0.1", port });
  assert.match(String(skip), new RegExp(`^redis does not answer at 127\\.0\\.0\\.1:${port}`));
});

test("a missing service fails where services are required", async () => {
  process.env["AF_REQUIRE_SERVICES"] = "1";
  const port = await closedPort();
  await assert.rejects(service("redis", { host: "127.0.0.1", port }), /AF_REQUIRE_SERVICES=1/);
});
