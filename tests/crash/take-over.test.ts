import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemory } from "@agentflow/store";
import { corpus, describeCase } from "./corpus/corpus.ts";
import { walkTakeOvers } from "./process/take-over.ts";

for (const makeCase of corpus) {
  const { name, needsTransactions } = describeCase(makeCase);
  if (needsTransactions === true) continue;
  test(`${name}: a process whose run is taken at any moment stops with a typed error`, async (context) => {
    const { points, failures } = await walkTakeOvers({
      makeCase,
      kinds: ["holdBefore", "holdAfter"],
      nextPlace: () => ({ backend: openMemory(), tenant: "default" }),
    });
    context.diagnostic(`${points} moments`);
    assert.deepEqual(failures, []);
  });
}
