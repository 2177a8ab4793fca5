import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeJson } from "../encoding/encode-json.ts";
import { hashOf } from "../encoding/sha256.ts";
import { commitIdempotencyKey, ioIdempotencyKey } from "./idempotency-key.ts";

const commit = { runId: 'my "run"', stepId: "3.read[2]", orderKey: "0".repeat(80), deltaJson: '{"a":1}' };
const call = { runId: "run", stepId: "3.read[2]", name: "fetch", inputHash: "f".repeat(64), nth: 0 };

test("a commit's key is the SHA-256 of the canonical [runId, stepId, orderKey, delta] (S4)", () => {
  const { json, value } = encodeJson({ b: "\ud800", a: [1] }, "");
  const key = commitIdempotencyKey({ ...commit, deltaJson: json });
  assert.equal(key, hashOf([commit.runId, commit.stepId, commit.orderKey, value]));
});

test("a commit that differs in any part has another key (S4)", () => {
  const others = { runId: "run", stepId: "3.read[3]", orderKey: "1".repeat(80), deltaJson: '{"a":2}' };
  const keys = Object.entries(others).map(([part, value]) =>
    commitIdempotencyKey({ ...commit, [part]: value }),
  );
  assert.equal(new Set([commitIdempotencyKey(commit), ...keys]).size, 5);
});

test("an io call that is repeated has the same key, and any other call another one (S8)", () => {
  assert.equal(
    ioIdempotencyKey(call),
    hashOf([call.runId, call.stepId, call.name, call.inputHash, call.nth]),
  );
  const others = { runId: "run2", stepId: "3.read[3]", name: "post", inputHash: "e".repeat(64), nth: 1 };
  const keys = Object.entries(others).map(([part, value]) => ioIdempotencyKey({ ...call, [part]: value }));
  assert.equal(new Set([ioIdempotencyKey(call), ...keys]).size, 6);
});
