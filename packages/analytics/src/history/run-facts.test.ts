import assert from "node:assert/strict";
import { test } from "node:test";
import {
  sampleEntry,
  sampleJournal,
  sampleMark,
  sampleOrigin,
  sampleProgress,
  sampleStep,
  sampleTime,
} from "@agentflow/contracts";
import type { JournalEntry, RecordRow, RunHead, StepDetail } from "@agentflow/core";
import { DimensionKeys } from "./dimension-keys.ts";
import { blobsOfFacts, type FactTable, RunFacts } from "./run-facts.ts";

const head: RunHead = {
  ...sampleOrigin(),
  ...sampleProgress({ status: "succeeded", seq: 9 }),
  owner: undefined,
  historyRemovedAt: undefined,
};

const end: RecordRow = { kind: "mark", row: { ...sampleMark(), type: "run.succeeded" } };

const call = {
  provider: "acme",
  model: "sage-1",
  outcome: "succeeded",
  inputTokens: 120,
  cachedTokens: 100,
  outputTokens: 8,
  costNanos: 123_456,
  expectedNanos: 200_000,
};

const modelCall = (value: object, parts: Partial<JournalEntry> = {}): JournalEntry =>
  sampleEntry({ kind: "model", name: "ask", value: JSON.stringify(value), durationMs: 40, ...parts });

function told(records: readonly RecordRow[], blobs = new Map<string, string>()) {
  const facts: Partial<Record<FactTable, Readonly<Record<string, unknown>>[]>> = {};
  const keys = new DimensionKeys();
  const gathered = new RunFacts(head, 7, keys, (table, row) => {
    facts[table] = [...(facts[table] ?? []), row];
  });
  for (const record of records) gathered.take(record, blobs);
  return { facts, keys, isWhole: gathered.finish() };
}

function step(detail: StepDetail): RecordRow {
  return { kind: "step", row: sampleStep({ detail: JSON.stringify(detail) }) };
}

test("a call of a model is told with its tokens and its exact cost, and the outside call around it is no tool", () => {
  const entries = [
    modelCall({ ...call, outcome: "timeout", costNanos: null }, { index: 0 }),
    modelCall(call, { index: 1 }),
    sampleEntry({ index: 2, name: "ask", value: '"Twice a day."' }),
    sampleEntry({ index: 3, name: "fetch", value: '"a page"', effect: true, durationMs: 5 }),
  ];
  const { facts, keys } = told([step({ entries }), end]);
  assert.deepEqual(
    facts.fact_model_call?.map((row) => [
      row["failed"],
      row["failure"],
      row["input_tokens"],
      row["model_key"],
    ]),
    [
      [1, "timeout", 120, 1],
      [0, undefined, 120, 1],
    ],
  );
  assert.deepEqual(keys.rows("dim_model")[1], { model_key: 1, provider: "acme", model: "sage-1" });
  assert.deepEqual(
    facts.fact_cost?.map((row) => [
      row["call_number"],
      row["amount"],
      row["estimate"],
      row["estimated_amount"],
    ]),
    [[2, "0.000123456", "0.000200000", "0.000123456"]],
  );
  assert.deepEqual(
    facts.fact_tool_call?.map((row) => [row["tool"], row["effect"], row["started_ms"]]),
    [["fetch", 1, sampleTime - 5]],
  );
});

test("an answer of a model that the cache had is a call without tokens or cost; another result is a tool's", () => {
  const answer = { text: "Twice a day.", provider: "acme", model: "sage-1", usage: { input: 120 } };
  const entries = [
    sampleEntry({ index: 0, name: "ask", value: JSON.stringify(answer), cache: "hit" }),
    sampleEntry({ index: 1, name: "page", value: "hash", ref: true, cache: "hit" }),
    sampleEntry({ index: 2, name: "page", nth: 1, value: "other", ref: true, cache: "miss" }),
  ];
  const records = [step({ entries, cache: { answer: "miss", key: "k" } }), end];
  assert.deepEqual(blobsOfFacts(records), ["hash"], "only what may be an answer is read");
  const { facts } = told(records, new Map([["hash", '{"provider":"acme"}']]));
  assert.deepEqual(
    facts.fact_model_call?.map((row) => [row["cached"], row["input_tokens"]]),
    [[1, 0]],
  );
  assert.equal(facts.fact_cost, undefined);
  assert.deepEqual(
    facts.fact_tool_call?.map((row) => [row["tool"], row["cache_asked"], row["cache_hits"]]),
    [
      ["page", 1, 1],
      ["page", 1, 0],
    ],
  );
  assert.deepEqual([facts.fact_step?.[0]?.["cache_asked"], facts.fact_step?.[0]?.["cache_hits"]], [4, 2]);
});

test("a failed call is told with its code, also where the failure is a large value", () => {
  const failure = JSON.stringify({ code: "AF_THROWN", message: "x".repeat(5_000) });
  const entry = sampleEntry({ kind: "ioError", name: "fetch", value: "hash", ref: true });
  const journal: RecordRow = { kind: "journal", row: sampleJournal({ entry }) };
  const { facts } = told([journal, end], new Map([["hash", failure]]));
  assert.deepEqual(
    facts.fact_tool_call?.map((row) => [row["failed"], row["failure"]]),
    [[1, "AF_THROWN"]],
  );
  assert.equal(facts.fact_step?.[0]?.["status"], "unfinished", "the step has no outcome");
});

test("a run whose rows do not end with its end is not told: it was removed while it was read", () => {
  assert.equal(told([step({})]).isWhole, false);
  assert.equal(told([step({})]).facts.fact_run, undefined);
  const failed: RecordRow = { kind: "mark", row: { ...sampleMark(), type: "run.failed" } };
  assert.equal(told([step({}), failed]).isWhole, false, "the run has gone on since");
  assert.equal(told([step({}), failed, end]).isWhole, true);
});
