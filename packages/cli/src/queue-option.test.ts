import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "@agentflow/core";
import { queuesOption } from "./queue-option.ts";

const read = (...queue: string[]) => queuesOption({ arguments: {}, options: { queue } });

test("queues are read with the limits that are given", () => {
  assert.deepEqual(queuesOption({ arguments: {}, options: {} }), {});
  assert.deepEqual(read("mail", "slow:rate=100/1m", "both:concurrency=2,key-concurrency=1"), {
    mail: {},
    slow: { rate: { limit: 100, perMs: 60_000 } },
    both: { concurrency: 2, keyConcurrency: 1 },
  });
});

test("a limit that there is not, one of no number and a queue that is named twice are refused", () => {
  const wrong = [
    "q:",
    "q:speed=1",
    "q:toString=1",
    "q:concurrency=0",
    "q:concurrency",
    "q:rate=1",
    "q:rate=1/often",
    "q:rate=x/1m",
  ];
  for (const given of wrong) assert.throws(() => read(given), UsageError, given);
  assert.throws(() => read("q", "q:concurrency=1"), UsageError);
});
