import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemory } from "@agentflow/store";
import { corpus, describeCase } from "./corpus/corpus.ts";
import { walkCrossings } from "./process/walk-crossings.ts";

const place = () => ({ backend: openMemory(), tenant: "default" });

for (const makeCase of corpus) {
  const { name, needsTransactions } = describeCase(makeCase);
  if (needsTransactions === true) continue;

  test(`${name}: a process that fails at any moment changes nothing (memory)`, async (context) => {
    const kinds = ["crashBefore", "crashAfter", "loseAcknowledgement", "fail"] as const;
    const { points, failures } = await walkCrossings({ makeCase, kinds, nextPlace: place });
    context.diagnostic(`${points} moments`);
    assert.deepEqual(failures, []);
  });

  test(`${name}: a second process that fails while it takes over changes nothing (memory)`, async (context) => {
    const { points, failures } = await walkCrossings({
      makeCase,
      kinds: ["crashAfter"],
      nextPlace: place,
      // A takeover reads, takes and reads again within its first dozen crossings; each moment of the first process is
      // met by another moment of the second.
      laterFaults: (crossing) => [{ crossing: 1 + (crossing % 12), kind: "crashBefore" }],
    });
    context.diagnostic(`${points} moments`);
    assert.deepEqual(failures, []);
  });
}
