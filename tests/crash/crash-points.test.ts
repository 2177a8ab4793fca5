import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemory } from "@agentflow/store";
import { corpus } from "./corpus/corpus.ts";
import { walkCrossings } from "./process/failing-points.ts";

const unused = { salt: "", entered: () => undefined, act: async () => null };

for (const makeCase of corpus) {
  const { name, needsTransactions } = makeCase(unused);
  if (needsTransactions === true) continue;
  test(`${name}: a process that fails at any moment changes nothing (memory)`, async (context) => {
    const { points, failures } = await walkCrossings({
      makeCase,
      kinds: ["crashBefore", "crashAfter", "loseAcknowledgement", "fail"],
      nextPlace: () => ({ backend: openMemory(), tenant: "default" }),
    });
    context.diagnostic(`${points} moments`);
    assert.deepEqual(failures, []);
  });
}
