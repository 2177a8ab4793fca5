import assert from "node:assert/strict";
import { test } from "node:test";
import { ModelError } from "@agentflow/core";
import type { GatewayOptions } from "../gateway-options.ts";
import {
  beginStream,
  chatAnswer,
  chatUsage,
  endStream,
  type ModelServer,
  modelServer,
  type Serve,
  sendEvent,
  sendJson,
  sendPieces,
} from "../model-server.fixture.ts";
import type { AnswerPart } from "../request.ts";
import { asking, type TestGateway, testGateway } from "../test-gateway.fixture.ts";

type Opened = TestGateway & { readonly server: ModelServer };

/** Runs `work` with a server that answers as told, and a gateway whose providers all are at that server. */
async function withServer(
  serve: Serve,
  work: (opened: Opened) => Promise<void>,
  options: GatewayOptions = {},
) {
  await using server = await modelServer(serve);
  const place = server.baseUrl;
  const environment = {
    OPENAI_API_KEY: "sk-openai",
    OPENAI_BASE_URL: place,
    ANTHROPIC_API_KEY: "sk-anthropic",
    ANTHROPIC_BASE_URL: place,
    OLLAMA_BASE_URL: place,
  };
  const endpoints = {
    vllm: { protocol: "openai-compatible", baseUrl: place, apiKey: "sk-vllm" },
    far: { protocol: "openai-compatible", baseUrl: "http://far.example/v1" },
  } as const;
  await work({ server, ...testGateway({ endpoints, retriesMax: 0, ...options }, { environment }) });
}

const anthropicUsage = {
  input_tokens: 10,
  cache_read_input_tokens: 30,
  cache_creation_input_tokens: 5,
  output_tokens: 7,
};

function anthropicAnswer(content: readonly object[], stop = "end_turn"): object {
  return {
    id: "m1",
    type: "message",
    role: "assistant",
    model: "m",
    content,
    stop_reason: stop,
    usage: anthropicUsage,
  };
}

const paths = {
  openai: "/v1/chat/completions",
  anthropic: "/v1/messages",
  ollama: "/v1/chat/completions",
  vllm: "/v1/chat/completions",
};

for (const [provider, path] of Object.entries(paths)) {
  test(`${provider}: an answer with what it took, from the path of its protocol and with its own key`, async () => {
    const usage = chatUsage(45, 7, 30);
    const serve: Serve = (response) =>
      sendJson(
        response,
        provider === "anthropic"
          ? anthropicAnswer([{ type: "text", text: "Fine." }])
          : chatAnswer({ content: "Fine." }, usage),
      );
    await withServer(serve, async ({ gateway, server, calls }) => {
      const answer = await gateway.complete({
        ...asking(`${provider}:m`),
        temperature: 0,
        maxOutputTokens: 9,
      });
      assert.deepEqual(
        [answer.text, answer.finish, answer.provider, answer.model],
        ["Fine.", "stop", provider, "m"],
      );
      assert.deepEqual([calls[0]?.inputTokens, calls[0]?.cachedTokens, calls[0]?.outputTokens], [45, 30, 7]);
      assert.equal(calls[0]?.cacheWriteTokens, provider === "anthropic" ? 5 : 0);
      const [request] = server.requests;
      assert.equal(request?.url, path);
      assert.equal(request?.body["model"], "m");
      assert.equal(request?.body["temperature"], 0);
      const key = { openai: "Bearer sk-openai", vllm: "Bearer sk-vllm", anthropic: "sk-anthropic" };
      const sent = request?.headers["x-api-key"] ?? request?.headers.authorization;
      assert.equal(sent, key[provider as keyof typeof key]);
    });
  });
}

async function textOf(
  parts: AsyncIterable<AnswerPart>,
): Promise<{ text: string; end: AnswerPart | undefined }> {
  let text = "";
  let end: AnswerPart | undefined;
  for await (const part of parts) {
    if (part.type === "text") text += part.text;
    else end = part;
  }
  return { text, end };
}

test("openai: a stream is shown in pieces and told with its tokens", async () => {
  const serve: Serve = (response) => {
    beginStream(response);
    sendPieces(response, ["Hel", "lo"]);
    endStream(response, chatUsage(12, 3));
  };
  await withServer(serve, async ({ gateway, calls, server }) => {
    for (const model of ["openai:m", "vllm:m"]) {
      const { text, end } = await textOf(gateway.stream(asking(model)));
      assert.equal(text, "Hello");
      assert.ok(end?.type === "end" && end.answer.usage.input === 12);
    }
    assert.deepEqual(
      calls.map(({ inputTokens, estimated }) => [inputTokens, estimated]),
      [
        [12, false],
        [12, false],
      ],
    );
    assert.deepEqual(server.requests[0]?.body["stream_options"], { include_usage: true });
  });
});

function streamAnthropic(...ends: readonly ["message_delta"?, "message_stop"?]): Serve {
  return (response) => {
    beginStream(response);
    const message = { ...anthropicAnswer([]), stop_reason: null };
    sendEvent(response, { type: "message_start", message }, "message_start");
    const block = { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } };
    sendEvent(response, block, "content_block_start");
    const delta = { type: "text_delta", text: "Hello" };
    sendEvent(response, { type: "content_block_delta", index: 0, delta }, "content_block_delta");
    sendEvent(response, { type: "content_block_stop", index: 0 }, "content_block_stop");
    const stop = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 7 } };
    if (ends.includes("message_delta")) sendEvent(response, stop, "message_delta");
    if (ends.includes("message_stop")) sendEvent(response, { type: "message_stop" }, "message_stop");
    response.end();
  };
}

test("anthropic: a stream is shown and told with its tokens, and fails without either of its ends", async () => {
  await withServer(streamAnthropic("message_delta", "message_stop"), async ({ gateway, calls }) => {
    assert.equal((await textOf(gateway.stream(asking("anthropic:m")))).text, "Hello");
    assert.deepEqual([calls[0]?.inputTokens, calls[0]?.outputTokens, calls[0]?.cachedTokens], [45, 7, 30]);
  });
  for (const ends of [[], ["message_delta"]] as const) {
    await withServer(streamAnthropic(...ends), async ({ gateway, calls }) => {
      await assert.rejects(textOf(gateway.stream(asking("anthropic:m"))), { code: "AF_MODEL_PROVIDER" });
      assert.equal(calls[0]?.outcome, "provider_error");
    });
  }
});

for (const [how, cut] of [
  ["ends", "end"],
  ["breaks off", "destroy"],
] as const) {
  test(`openai: a stream that ${how} before its end mark fails, also when the text looks complete`, async () => {
    const serve: Serve = (response) => {
      beginStream(response);
      sendPieces(response, ["All of it."]);
      response[cut]();
    };
    await withServer(serve, async ({ gateway, calls }) => {
      await assert.rejects(textOf(gateway.stream(asking("openai:m"))), { code: "AF_MODEL_PROVIDER" });
      assert.deepEqual([calls.length, calls[0]?.outcome], [1, "provider_error"]);
    });
  });
}

test("tools: what a model asks for is JSON, and results go back to it", async () => {
  const call = { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } };
  const serve: Serve = (response, _request, nth) =>
    sendJson(
      response,
      nth === 0
        ? chatAnswer({ content: null, tool_calls: [call] }, undefined, "tool_calls")
        : chatAnswer({ content: "Rain." }),
    );
  await withServer(serve, async ({ gateway, server }) => {
    const tools = [{ name: "weather", input: { type: "object", properties: { city: { type: "string" } } } }];
    const question = asking("openai:m", "Weather in Bern?");
    const first = await gateway.complete({ ...question, tools });
    assert.equal(first.finish, "tool-calls");
    assert.deepEqual(first.toolCalls, [{ id: "c1", name: "weather", input: { city: "Bern" } }]);
    const messages = [
      ...question.messages,
      { role: "assistant", toolCalls: first.toolCalls },
      { role: "tool", id: "c1", name: "weather", result: { sky: "rain" } },
    ] as const;
    assert.equal((await gateway.complete({ ...question, messages, tools })).text, "Rain.");
    const sent = JSON.stringify(server.requests[1]?.body["messages"]);
    assert.match(sent, /"tool_call_id":"c1"/);
    assert.match(sent, /sky/);
  });
});

test("a tool call with what is no JSON is the model's error and is told so", async () => {
  const call = { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":' } };
  const serve: Serve = (response) =>
    sendJson(response, chatAnswer({ content: null, tool_calls: [call] }, undefined, "tool_calls"));
  await withServer(serve, async ({ gateway }) => {
    await assert.rejects(gateway.complete(asking("openai:m")), { code: "AF_MODEL_OUTPUT" });
  });
});

test("structured output: the schema goes to the provider, and the value comes back", async () => {
  const serve: Serve = (response) => sendJson(response, chatAnswer({ content: '{"n":3}' }));
  await withServer(serve, async ({ gateway, server }) => {
    const schema = {
      type: "object",
      properties: { n: { type: "number" } },
      required: ["n"],
      additionalProperties: false,
    };
    for (const model of ["openai:m", "ollama:m"]) {
      const { value } = await gateway.value({ ...asking(model), output: { schema, name: "count" } });
      assert.deepEqual(value, { n: 3 });
    }
    for (const { body } of server.requests) {
      const format = body["response_format"] as { type: string; json_schema: { schema: object } };
      assert.deepEqual([format.type, format.json_schema.schema], ["json_schema", schema]);
    }
  });
});

test("embeddings: a vector per text", async () => {
  const serve: Serve = (response) =>
    sendJson(response, {
      object: "list",
      model: "e",
      data: [
        { object: "embedding", index: 0, embedding: [1, 0] },
        { object: "embedding", index: 1, embedding: [0, 1] },
      ],
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
  await withServer(serve, async ({ gateway, calls }) => {
    for (const model of ["openai:e", "vllm:e"]) {
      const { vectors } = await gateway.embed({ model, texts: ["a", "b"] });
      assert.deepEqual(vectors, [
        [1, 0],
        [0, 1],
      ]);
    }
    assert.deepEqual(
      calls.map(({ inputTokens }) => inputTokens),
      [4, 4],
    );
    await assert.rejects(gateway.embed({ model: "openai:e", texts: ["a"] }), { code: "AF_MODEL_OUTPUT" });
    await assert.rejects(gateway.embed({ model: "anthropic:e", texts: ["a"] }), { code: "AF_MODEL_REQUEST" });
  });
});

const failures: readonly (readonly [string, Serve, string])[] = [
  [
    "429",
    (response) => sendJson(response, { error: { message: "slow down" } }, 429, { "retry-after": "3600" }),
    "AF_MODEL_RATE_LIMITED",
  ],
  ["401", (response) => sendJson(response, { error: { message: "bad key" } }, 401), "AF_MODEL_AUTH"],
  ["400", (response) => sendJson(response, { error: { message: "too long" } }, 400), "AF_MODEL_REQUEST"],
  ["503", (response) => sendJson(response, { error: { message: "overloaded" } }, 503), "AF_MODEL_PROVIDER"],
  ["a closed connection", (response) => response.destroy(), "AF_MODEL_PROVIDER"],
  ["an answer that is no JSON", (response) => response.end("<html>"), "AF_MODEL_PROVIDER"],
  ["JSON of another kind", (response) => sendJson(response, { hello: 1 }), "AF_MODEL_PROVIDER"],
  [
    "a redirect",
    (response) => {
      response.writeHead(307, { location: "http://elsewhere.example/" });
      response.end();
    },
    "AF_MODEL_RESIDENCY",
  ],
];

for (const [what, serve, code] of failures) {
  test(`${what} becomes ${code}, with every provider`, async () => {
    await withServer(serve, async ({ gateway, calls }) => {
      for (const model of ["openai:m", "anthropic:m", "vllm:m"]) {
        await assert.rejects(gateway.complete(asking(model)), (error) => {
          assert.ok(error instanceof ModelError);
          assert.equal(error.code, code, `${model}: ${error.message}`);
          return true;
        });
      }
      assert.equal(calls.length, 3);
      assert.ok(calls.every(({ inputTokens, costNanos }) => inputTokens === 0 && costNanos === 0));
    });
  });
}

test("under a residency a route skips the host that is not listed and takes the one on the premises", async () => {
  const serve: Serve = (response) => sendJson(response, chatAnswer({ content: "Here." }));
  await withServer(
    serve,
    async ({ gateway, server }) => {
      const answer = await gateway.complete(asking(["far:m", "vllm:m"]));
      assert.equal(answer.provider, "vllm");
      assert.equal(server.requests.length, 1);
      await assert.rejects(gateway.complete(asking("far:m")), { code: "AF_MODEL_RESIDENCY" });
    },
    { residency: { hosts: ["127.0.0.1"] } },
  );
});

test("a call that its caller cancels is cancelled at the server too", async () => {
  let closed = (): void => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const cancel = new AbortController();
  const serve: Serve = (response) => {
    response.on("close", closed);
    cancel.abort();
  };
  await withServer(serve, async ({ gateway, calls }) => {
    await assert.rejects(gateway.complete(asking("openai:m"), { signal: cancel.signal }), {
      code: "AF_MODEL_CANCELLED",
    });
    await isClosed;
    assert.deepEqual([calls[0]?.outcome, calls[0]?.estimated], ["cancelled", true]);
  });
});
