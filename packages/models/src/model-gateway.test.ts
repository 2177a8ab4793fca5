import assert from "node:assert/strict";
import { test } from "node:test";
import { ModelError, type ModelErrorCode } from "@agentflow/core";
import { type MockReply, mockProvider } from "./provider/mock-provider.ts";
import type { ModelProvider } from "./provider/model-provider.ts";
import { asking, testGateway } from "./test-gateway.fixture.ts";

function failing(code: ModelErrorCode, context = {}): ModelError {
  return new ModelError(code, "no", { context });
}

async function rejectsWith(promise: Promise<unknown>, code: ModelErrorCode): Promise<ModelError> {
  const error = await promise.then(
    () => assert.fail(`expected ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ModelError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}

/** A provider whose calls never end by themselves; `cancelled` counts those whose signal was aborted. */
function silentProvider(name: string): ModelProvider & { cancelled: number } {
  const provider = {
    name,
    baseUrl: "",
    isFree: true,
    cancelled: 0,
    generate: (_model: string, _request: unknown, signal: AbortSignal) => {
      signal.addEventListener("abort", () => provider.cancelled++);
      return new Promise<never>(() => undefined);
    },
    async *stream(): AsyncGenerator<never> {
      await new Promise<never>(() => undefined);
    },
  };
  return provider;
}

test("a failure that may pass is tried again with growing delays, and the account has every try", async () => {
  const flaky = mockProvider([failing("AF_MODEL_PROVIDER"), failing("AF_MODEL_PROVIDER"), "fine"]);
  const { gateway, clock, calls } = testGateway({ providers: [flaky], backoffMs: 100 });
  const answer = gateway.complete(asking("mock:m"));
  await clock.advanceAsync(0);
  assert.equal(flaky.requests.length, 1);
  await clock.advanceAsync(100);
  assert.equal(flaky.requests.length, 2);
  await clock.advanceAsync(199);
  assert.equal(flaky.requests.length, 2);
  await clock.advanceAsync(1);
  assert.equal((await answer).text, "fine");
  assert.deepEqual(
    calls.map(({ outcome }) => outcome),
    ["provider_error", "provider_error", "succeeded"],
  );
});

test("Retry-After is waited for where it is longer than the usual delay", async () => {
  const limited = mockProvider([failing("AF_MODEL_RATE_LIMITED", { retryAfterMs: 5_000 }), "fine"]);
  const { gateway, clock } = testGateway({ providers: [limited], backoffMs: 100 });
  const answer = gateway.complete(asking("mock:m"));
  await clock.advanceAsync(4_999);
  assert.equal(limited.requests.length, 1);
  await clock.advanceAsync(1);
  assert.equal((await answer).text, "fine");
});

test("a Retry-After that is too long is not waited for: the next model is asked, or the caller is told", async () => {
  const limited = () =>
    mockProvider(() => failing("AF_MODEL_RATE_LIMITED", { retryAfterMs: 61_000 }), { name: "far" });
  const { gateway } = testGateway({ providers: [limited(), mockProvider(["near"])] });
  assert.equal((await gateway.complete(asking(["far:m", "mock:m"]))).text, "near");
  const alone = testGateway({ providers: [limited()] });
  await rejectsWith(alone.gateway.complete(asking("far:m")), "AF_MODEL_RATE_LIMITED");
});

test("spent retries are an error of their own, with the last failure as its cause", async () => {
  const broken = mockProvider(() => failing("AF_MODEL_PROVIDER"));
  const { gateway } = testGateway({ providers: [broken], backoffMs: 0, retriesMax: 3 });
  const error = await rejectsWith(gateway.complete(asking("mock:m")), "AF_MODEL_RETRIES");
  assert.equal(broken.requests.length, 4);
  assert.deepEqual(error.context, { tries: 4, route: ["mock:m"] });
  assert.ok(error.cause instanceof ModelError && error.cause.code === "AF_MODEL_PROVIDER");
});

for (const code of ["AF_MODEL_AUTH", "AF_MODEL_QUOTA", "AF_MODEL_REQUEST"] as const) {
  test(`${code} is permanent: it is not tried again`, async () => {
    const refusing = mockProvider(() => failing(code));
    const { gateway } = testGateway({ providers: [refusing] });
    await rejectsWith(gateway.complete(asking("mock:m")), code);
    assert.equal(refusing.requests.length, 1);
  });
}

test("the next model takes over from one that fails for good, but not from a request that is wrong", async () => {
  const second = mockProvider(["second"], { name: "second" });
  for (const code of ["AF_MODEL_AUTH", "AF_MODEL_QUOTA", "AF_MODEL_PROVIDER"] as const) {
    const first = mockProvider(() => failing(code));
    const { gateway } = testGateway({
      providers: [first, mockProvider(["second"], { name: "second" })],
      backoffMs: 0,
    });
    const answer = await gateway.complete(asking(["mock:m", "second:m"]));
    assert.deepEqual([answer.text, answer.provider], ["second", "second"], code);
  }
  const wrong = mockProvider(() => failing("AF_MODEL_REQUEST"));
  const { gateway } = testGateway({ providers: [wrong, second] });
  await rejectsWith(gateway.complete(asking(["mock:m", "second:m"])), "AF_MODEL_REQUEST");
  assert.equal(second.requests.length, 0);
});

test("a model that does not answer in time is cancelled, and what it was sent is paid", async () => {
  const silent = { ...silentProvider("paid"), isFree: false };
  const { gateway, clock, calls } = testGateway({
    providers: [silent],
    timeouts: { callMs: 1_000 },
    retriesMax: 0,
  });
  const refused = rejectsWith(gateway.complete(asking("paid:m")), "AF_MODEL_TIMEOUT");
  await clock.advanceAsync(1_000);
  await refused;
  const [call] = calls;
  assert.equal(call?.outcome, "timeout");
  assert.equal(call?.estimated, true);
  assert.ok((call?.inputTokens ?? 0) > 0 && (call?.costNanos ?? 0) > 0);
});

test("failures in a row open the breaker of that model alone, and calls of it are not made", async () => {
  const broken = mockProvider(() => failing("AF_MODEL_PROVIDER"));
  const { gateway, clock } = testGateway({
    providers: [broken],
    retriesMax: 0,
    breaker: { threshold: 2, cooldownMs: 1_000 },
  });
  for (let nth = 0; nth < 2; nth++)
    await rejectsWith(gateway.complete(asking("mock:m")), "AF_MODEL_PROVIDER");
  await rejectsWith(gateway.complete(asking("mock:m")), "AF_MODEL_CIRCUIT_OPEN");
  assert.equal(broken.requests.length, 2);
  await rejectsWith(gateway.complete(asking("mock:other")), "AF_MODEL_PROVIDER");
  clock.advance(1_000);
  await rejectsWith(gateway.complete(asking("mock:m")), "AF_MODEL_PROVIDER");
  assert.equal(broken.requests.length, 4);
});

test("one caller's short timeout and cancelled calls do not open the breaker for the others", async () => {
  const slow = silentProvider("slow");
  const { gateway, clock } = testGateway({
    providers: [slow],
    retriesMax: 0,
    breaker: { threshold: 1 },
    timeouts: { callMs: 60_000 },
  });
  const hurried = rejectsWith(gateway.complete(asking("slow:m"), { timeoutMs: 10 }), "AF_MODEL_TIMEOUT");
  await clock.advanceAsync(10);
  await hurried;
  const cancel = new AbortController();
  const cancelled = rejectsWith(
    gateway.complete(asking("slow:m"), { signal: cancel.signal }),
    "AF_MODEL_CANCELLED",
  );
  await clock.advanceAsync(0);
  cancel.abort();
  await cancelled;
  assert.equal(slow.cancelled, 2);
  // The provider's own slowness does open it.
  const patient = rejectsWith(gateway.complete(asking("slow:m")), "AF_MODEL_TIMEOUT");
  await clock.advanceAsync(60_000);
  await patient;
  await rejectsWith(gateway.complete(asking("slow:m")), "AF_MODEL_CIRCUIT_OPEN");
});

test("a call that is cancelled while it waits for its retry makes no further try", async () => {
  const broken = mockProvider(() => failing("AF_MODEL_PROVIDER"));
  const { gateway, clock } = testGateway({ providers: [broken], backoffMs: 10_000 });
  const cancel = new AbortController();
  const cancelled = rejectsWith(
    gateway.complete(asking("mock:m"), { signal: cancel.signal }),
    "AF_MODEL_CANCELLED",
  );
  await clock.advanceAsync(0);
  cancel.abort();
  await cancelled;
  assert.equal(broken.requests.length, 1);
});

test("a hedged route asks the next model after a while, takes the first answer, and cancels the other call", async () => {
  const silent = silentProvider("silent");
  const { gateway, clock, calls } = testGateway({
    providers: [silent, mockProvider(["quick"])],
    hedgeAfterMs: 500,
  });
  const answer = gateway.complete(asking(["silent:m", "mock:m"]));
  await clock.advanceAsync(499);
  assert.equal(calls.length, 0);
  await clock.advanceAsync(1);
  assert.equal((await answer).text, "quick");
  await clock.advanceAsync(0);
  assert.equal(silent.cancelled, 1);
  assert.deepEqual(calls.map(({ provider, outcome }) => [provider, outcome]).sort(), [
    ["mock", "succeeded"],
    ["silent", "cancelled"],
  ]);
});

test("a hedged route does not ask the next model where the first answers in time, and at once where it fails", async () => {
  const second = mockProvider(["second", "second"], { name: "second" });
  const first = mockProvider(["first", failing("AF_MODEL_AUTH")]);
  const { gateway } = testGateway({ providers: [first, second], hedgeAfterMs: 500 });
  assert.equal((await gateway.complete(asking(["mock:m", "second:m"]))).text, "first");
  assert.equal(second.requests.length, 0);
  assert.equal((await gateway.complete(asking(["mock:m", "second:m"]))).text, "second");
});

test("over budget a call is refused before it is made, and the cheaper model of the route is asked", async () => {
  const dear = mockProvider(["dear"], { name: "paid", isFree: false });
  const { gateway, calls } = testGateway({
    providers: [dear, mockProvider(["free"])],
    budgets: [{ per: "run", dollars: 0.001 }],
  });
  await rejectsWith(gateway.complete(asking("paid:m"), { runId: "r" }), "AF_MODEL_BUDGET");
  assert.deepEqual([dear.requests.length, calls.length], [0, 0]);
  assert.equal((await gateway.complete(asking(["paid:m", "mock:m"]), { runId: "r" })).text, "free");
});

test("calls at once hold back what they may cost: the budget is never overdrawn", async () => {
  const usage = { input: 10, cached: 0, cacheWrite: 0, output: 90 };
  const dear = mockProvider(() => ({ text: "x", usage }), { name: "paid", isFree: false });
  const { gateway, calls } = testGateway({ providers: [dear], budgets: [{ per: "tenant", dollars: 0.01 }] });
  const request = { ...asking("paid:m"), maxOutputTokens: 100 };
  const ends = await Promise.allSettled(Array.from({ length: 50 }, () => gateway.complete(request)));
  const made = ends.filter(({ status }) => status === "fulfilled").length;
  const { spentNanos, reservedNanos } = gateway.budgets.stateOf({ per: "tenant", of: "default" });
  assert.equal(spentNanos, made * 910_000);
  assert.equal(reservedNanos, 0);
  assert.ok(spentNanos <= 10_000_000 && made > 0 && made < 50, `${made} calls`);
  assert.equal(calls.length, made);
});

test("a model without a price is refused under a budget, and reported without one", async () => {
  const unknown = mockProvider(() => "x", { name: "unknown", isFree: false });
  const bounded = testGateway({ providers: [unknown], budgets: [{ per: "tenant", dollars: 5 }] });
  await rejectsWith(bounded.gateway.complete(asking("unknown:m")), "AF_MODEL_PRICE_UNKNOWN");
  assert.equal(unknown.requests.length, 0);
  const { gateway, calls } = testGateway({ providers: [unknown] });
  assert.equal((await gateway.complete(asking("unknown:m"))).costNanos, null);
  assert.equal(calls[0]?.costNanos, null);
});

test("what a call was expected to cost is in its account beside what it cost", async () => {
  const usage = { input: 20, cached: 0, cacheWrite: 0, output: 10 };
  const paid = mockProvider([{ text: "x", usage }], { name: "paid", isFree: false });
  const { gateway, calls } = testGateway({ providers: [paid] });
  await gateway.complete({ ...asking("paid:m"), maxOutputTokens: 10 });
  assert.equal(calls[0]?.costNanos, 20 * 1_000 + 10 * 10_000);
  // Some tokens of input, and all of the output that is allowed.
  const input = ((calls[0]?.expectedNanos ?? 0) - 10 * 10_000) / 1_000;
  assert.ok(Number.isInteger(input) && input > 5 && input < 40, String(input));
});

test("a structured answer that is wrong is shown to the model with what is wrong", async () => {
  const replies: MockReply[] = ["three", '{"n":"three"}', '```json\n{"n":3}\n```'];
  const clumsy = mockProvider(replies);
  const { gateway } = testGateway({ providers: [clumsy] });
  const isNumber = (value: unknown): value is { n: number } =>
    typeof value === "object" && value !== null && "n" in value && typeof value.n === "number";
  const schema = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value: unknown) =>
        isNumber(value) ? { value } : { issues: [{ message: "expected a number", path: ["n"] }] },
    },
  } as const;
  const request = { ...asking("mock:m"), output: { schema: { type: "object" } } };
  const { value, repairs } = await gateway.value(request, { schema });
  assert.deepEqual([value, repairs], [{ n: 3 }, 2]);
  const told = JSON.stringify(clumsy.requests[2]?.messages);
  assert.match(told, /n: expected a number/);
  const stubborn = testGateway({ providers: [mockProvider(() => "no")] });
  await rejectsWith(stubborn.gateway.value(request, { repairsMax: 1 }), "AF_MODEL_OUTPUT");
});

test("switched off, no call is made", async () => {
  const never = mockProvider([]);
  const { gateway } = testGateway({ providers: [never], enabled: false });
  await rejectsWith(gateway.complete(asking("mock:m")), "AF_MODEL_DISABLED");
  await rejectsWith(gateway.embed({ model: "mock:m", texts: ["a"] }), "AF_MODEL_DISABLED");
  assert.equal(never.requests.length, 0);
});

test("a missing key is refused before a call, with the variable's name", async () => {
  const { gateway } = testGateway({});
  for (const [model, variable] of [
    ["openai:gpt-5-mini", "OPENAI_API_KEY"],
    ["anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"],
  ] as const) {
    const error = await rejectsWith(gateway.complete(asking(model)), "AF_MODEL_AUTH");
    assert.ok(error.message.includes(variable));
    await rejectsWith(gateway.check(model), "AF_MODEL_AUTH");
  }
  await gateway.check("local");
});

test("a name that nobody knows is refused with those that are known", async () => {
  const { gateway } = testGateway({
    endpoints: { vllm: { protocol: "openai-compatible", baseUrl: "http://x/v1" } },
  });
  const error = await rejectsWith(gateway.complete(asking("opnai:m")), "AF_MODEL_REQUEST");
  assert.match(error.hint, /local, noop, vllm, openai, anthropic, ollama/);
  await rejectsWith(gateway.complete(asking("openai")), "AF_MODEL_REQUEST");
  await rejectsWith(gateway.complete(asking([])), "AF_MODEL_REQUEST");
});

test("who an answer came from and where that is is part of what it is remembered by", () => {
  const { gateway } = testGateway({}, { environment: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" } });
  assert.deepEqual(gateway.identityOf(["openai:m", "local"]), [
    { provider: "openai", baseUrl: "http://127.0.0.1:9/v1", model: "m" },
    { provider: "local", baseUrl: "", model: "" },
  ]);
});
