import assert from "node:assert/strict";
import { test } from "node:test";
import { ModelError } from "@agentflow/core";
import {
  beginStream,
  endStream,
  type ModelServer,
  modelServer,
  sendEvent,
  sendJson,
  sendPieces,
} from "../model-server.fixture.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import { Residency, type ResidencyOptions } from "./residency.ts";

const endMark = "data: [DONE]";

function fetchFor(baseUrl: string, options?: ResidencyOptions): typeof globalThis.fetch {
  const residency = options === undefined ? undefined : new Residency(options);
  return guardedFetch({ baseUrl, residency, endMark });
}

const prompt = { method: "POST", body: '{"secret":"prompt"}', headers: { authorization: "Bearer key" } };

/** The ModelError that a request fails with, below whatever the transport wraps around it. */
async function refusal(request: Promise<unknown>): Promise<ModelError> {
  let error = await request.then(
    () => assert.fail("expected a refusal"),
    (reason: unknown) => reason,
  );
  while (error instanceof Error && !(error instanceof ModelError)) error = error.cause;
  assert.ok(error instanceof ModelError, String(error));
  return error;
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect (${status}) to another host is refused; neither prompt nor key goes there`, async () => {
    await using other = await modelServer((response) => sendJson(response, {}));
    await using server = await modelServer((response) => {
      response.writeHead(status, { location: `http://localhost:${other.port}/v1/chat` });
      response.end();
    });
    const error = await refusal(fetchFor(server.baseUrl)(`${server.baseUrl}/chat`, prompt));
    assert.equal(error.code, "AF_MODEL_RESIDENCY");
    assert.match(error.message, new RegExp(`redirects to localhost:${other.port}`));
    assert.deepEqual([server.requests.length, other.requests.length, other.connections], [1, 0, 0]);
  });
}

test("a request for another origin than the base URL's is not sent, even when a library asks for it", async () => {
  await using server = await modelServer((response) => sendJson(response, {}));
  const error = await refusal(fetchFor("https://api.openai.com/v1")(`${server.baseUrl}/chat`, prompt));
  assert.equal(error.code, "AF_MODEL_RESIDENCY");
  assert.equal(server.connections, 0);
});

async function serves(
  server: ModelServer,
  residency: ResidencyOptions,
  host = "127.0.0.1",
): Promise<boolean> {
  const baseUrl = `http://${host}:${server.port}/v1`;
  const before = server.requests.length;
  try {
    await (await fetchFor(baseUrl, residency)(`${baseUrl}/chat`, prompt)).text();
  } catch (error) {
    assert.equal((await refusal(Promise.reject(error))).code, "AF_MODEL_RESIDENCY");
  }
  return server.requests.length > before;
}

test("with a residency only listed hosts are called, by name, by port and by domain", async () => {
  await using server = await modelServer((response) => sendJson(response, {}));
  assert.ok(await serves(server, { hosts: ["127.0.0.1"] }));
  assert.ok(await serves(server, { hosts: [`127.0.0.1:${server.port}`] }));
  const { connections } = server;
  assert.ok(!(await serves(server, { hosts: [] })));
  assert.ok(!(await serves(server, { hosts: ["127.0.0.1:1"] })));
  assert.ok(!(await serves(server, { hosts: ["10.0.0.1", "*.0.0.1"] })));
  assert.equal(server.connections, connections);
});

test("a listed name that resolves to an address outside the networks is not connected to", async () => {
  await using server = await modelServer((response) => sendJson(response, {}));
  assert.ok(await serves(server, { hosts: ["localhost"] }, "localhost"));
  const { connections } = server;
  assert.ok(!(await serves(server, { hosts: ["localhost"], networks: ["10.0.0.0/8"] }, "localhost")));
  assert.ok(!(await serves(server, { hosts: ["127.0.0.1"], networks: ["10.0.0.0/8"] })));
  assert.equal(server.connections, connections);
});

test("which hosts a route may name is told without connecting", () => {
  const residency = new Residency({
    hosts: ["Models.Example", "*.corp.example", "10.1.2.3:8000", "[::1]:80", "8.8.8.8"],
  });
  const allowed = [
    "http://models.example/v1",
    "https://models.example:8443/v1",
    "http://a.b.corp.example/v1",
    "http://10.1.2.3:8000/v1",
    "",
  ];
  const refused = [
    "http://corp.example/v1",
    "http://models.example.evil.test/v1",
    "http://evilcorp.example/v1",
    "http://10.1.2.3:8001/v1",
    // Listed, but no private address.
    "http://8.8.8.8/v1",
    "https://api.openai.com/v1",
  ];
  assert.deepEqual(
    allowed.filter((url) => !residency.allows(url)),
    [],
  );
  assert.deepEqual(
    refused.filter((url) => residency.allows(url)),
    [],
  );
});

test("a stream of events comes through whole, and fails where its end mark is missing", async () => {
  await using server = await modelServer((response, _request, nth) => {
    beginStream(response);
    sendPieces(response, ["Hello", " there"]);
    if (nth === 0) endStream(response);
    else if (nth === 1) response.end();
    else response.destroy();
  });
  const fetch = fetchFor(server.baseUrl);
  const streamed = async (): Promise<string> => (await fetch(`${server.baseUrl}/chat`, prompt)).text();
  assert.match(await streamed(), /there[\s\S]*\[DONE\]/);
  const error = await refusal(streamed());
  assert.deepEqual([error.code, /end mark/.test(error.message)], ["AF_MODEL_PROVIDER", true]);
  await assert.rejects(streamed());
});

test("an end mark is found however the stream is cut into chunks", async () => {
  await using server = await modelServer((response) => {
    beginStream(response);
    sendEvent(response, { content: "x".repeat(10_000) });
    for (const character of "data: [DONE]\n\n") response.write(character);
    response.end();
  });
  const response = await fetchFor(server.baseUrl)(`${server.baseUrl}/chat`, prompt);
  assert.match(await response.text(), /\[DONE\]/);
});
