import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemory } from "@agentflow/store";
import { corpus, describeCase } from "./corpus/corpus.ts";
import { walkTakeOvers } from "./process/take-over.ts";

const seconds = ["brings it to its end", "has not committed yet"] as const;

for (const makeCase of corpus) {
  const { name, needsTransactions } = describeCase(makeCase);
  if (needsTransactions === true) continue;
  for (const second of seconds) {
    test(`${name}: a process whose run is taken stops with a typed error, where the taker ${second}`, async (context) => {
      const { points, failures } = await walkTakeOvers({
        makeCase,
        kinds: ["holdBefore", "holdAfter"],
        nextPlace: () => ({ backend: openMemory(), tenant: "default" }),
        second,
      });
      context.diagnostic(`${points} moments`);
      assert.deepEqual(failures, []);
    });
  }
}
