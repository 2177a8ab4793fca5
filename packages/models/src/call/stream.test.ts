import assert from "node:assert/strict";
import { test } from "node:test";
import { ModelError, type ModelErrorCode } from "@agentflow/core";
import { mockProvider } from "../provider/mock-provider.ts";
import type { ModelProvider, ReplyPart } from "../provider/model-provider.ts";
import type { AnswerPart } from "../request.ts";
import { asking, testGateway } from "../test-gateway.fixture.ts";

type Piece = ReplyPart | Error | "silence";

/** Streams these pieces, then ends without an end. */
function streaming(name: string, pieces: readonly Piece[]): ModelProvider {
  return {
    name,
    baseUrl: "",
    isFree: name !== "paid",
    generate: () => Promise.reject(new Error("not streamed")),
    async *stream() {
      for (const piece of pieces) {
        if (piece === "silence") await new Promise<never>(() => undefined);
        else if (piece instanceof Error) throw piece;
        else yield piece;
      }
    },
  };
}

const open: ReplyPart = { type: "open" };
const hello: ReplyPart = { type: "text", text: "Hello " };
const cut = new ModelError("AF_MODEL_PROVIDER", "cut");

/** What a reader saw, and what it was thrown. */
async function read(
  parts: AsyncIterable<AnswerPart>,
): Promise<{ seen: string; error: ModelError | undefined }> {
  let seen = "";
  try {
    for await (const part of parts) if (part.type === "text") seen += part.text;
    return { seen, error: undefined };
  } catch (error) {
    assert.ok(error instanceof ModelError, String(error));
    return { seen, error };
  }
}

const second = () => mockProvider(["Good day"], { name: "second" });

test("an answer is shown in pieces, and the last part holds all of it", async () => {
  const { gateway, calls } = testGateway({ providers: [mockProvider(["Good day to you"])] });
  const parts: AnswerPart[] = [];
  for await (const part of gateway.stream(asking("mock:m"))) parts.push(part);
  assert.deepEqual(
    parts.map((part) => (part.type === "text" ? part.text : part.type)),
    ["Good ", "day ", "to ", "you", "end"],
  );
  const end = parts.at(-1);
  assert.ok(end?.type === "end" && end.answer.text === "Good day to you");
  assert.deepEqual([calls.length, calls[0]?.outcome, calls[0]?.firstTokenMs], [1, "succeeded", 0]);
});

test("before anything was shown, another try or model takes over and the reader sees one answer", async () => {
  for (const pieces of [[cut], [open, cut], [open], []]) {
    const { gateway } = testGateway({ providers: [streaming("first", pieces), second()], backoffMs: 0 });
    const { seen, error } = await read(gateway.stream(asking(["first:m", "second:m"])));
    assert.deepEqual([seen, error], ["Good day", undefined]);
  }
});

for (const [how, pieces] of [
  ["fails", [open, hello, cut]],
  ["ends without its end", [open, hello]],
] as const) {
  test(`a stream that ${how} after something was shown is a failure, and its beginning is not shown twice`, async () => {
    const other = second();
    const { gateway, calls } = testGateway({ providers: [streaming("paid", pieces), other], backoffMs: 0 });
    const { seen, error } = await read(gateway.stream(asking(["paid:m", "second:m"])));
    assert.deepEqual([seen, error?.code, other.requests.length], ["Hello ", "AF_MODEL_PROVIDER", 0]);
    const [call] = calls;
    assert.deepEqual([calls.length, call?.outcome, call?.estimated], [1, "provider_error", true]);
    assert.ok((call?.outputTokens ?? 0) > 0 && (call?.costNanos ?? 0) > 0);
  });
}

async function timesOut(
  pieces: readonly Piece[],
  advanceMs: readonly number[],
): Promise<ModelErrorCode | undefined> {
  const { gateway, clock } = testGateway({
    providers: [streaming("slow", pieces)],
    retriesMax: 0,
    timeouts: { connectMs: 100, idleMs: 1_000 },
  });
  const reading = read(gateway.stream(asking("slow:m")));
  for (const ms of advanceMs) await clock.advanceAsync(ms);
  let end: ModelErrorCode | undefined;
  void reading.then(({ error }) => {
    end = error?.code;
  });
  await clock.advanceAsync(0);
  return end;
}

test("a stream has one limit until it begins, and another from piece to piece", async () => {
  assert.equal(await timesOut(["silence"], [99]), undefined);
  assert.equal(await timesOut(["silence"], [99, 1]), "AF_MODEL_TIMEOUT");
  assert.equal(await timesOut([open, "silence"], [999]), undefined);
  assert.equal(await timesOut([open, "silence"], [999, 1]), "AF_MODEL_TIMEOUT");
  assert.equal(await timesOut([open, hello, "silence"], [999, 1]), "AF_MODEL_TIMEOUT");
});

test("a reader that stops early ends the call, and what it used up is counted", async () => {
  let aborted = false;
  const provider: ModelProvider = {
    ...streaming("paid", []),
    async *stream(_model, _request, signal) {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      for (;;) yield hello;
    },
  };
  const { gateway, calls } = testGateway({ providers: [provider], budgets: [{ per: "tenant", dollars: 1 }] });
  for await (const part of gateway.stream(asking("paid:m"))) if (part.type === "text") break;
  assert.ok(aborted);
  assert.deepEqual([calls.length, calls[0]?.outcome, calls[0]?.estimated], [1, "cancelled", true]);
  const { spentNanos, reservedNanos } = gateway.budgets.stateOf({ per: "tenant", of: "default" });
  assert.deepEqual([spentNanos, reservedNanos], [calls[0]?.costNanos, 0]);
});
