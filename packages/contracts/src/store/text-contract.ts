import assert from "node:assert/strict";
import { AgentFlowError } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import { nextCommit, sampleStep, sampleTime, startCommit, stepCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

const oddTexts: readonly (readonly [string, string])[] = [
  ["NUL", "a\0b\\u0000"],
  ["escaped lone surrogates", '"\\ud800 \\udfff"'],
  ["emoji", "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
  ["combining marks", "e\u0301 \u00e9"],
  ["line ends", "\r\n\u2028\u2029\ufeff"],
  ["quotes", "'; DROP TABLE af_runs; -- \"`"],
  ["one megabyte", "x😀".repeat(250_000)],
  ["nothing", ""],
];

/** Text comes back as it went in, and ids that merely look alike stay apart (STO-4). */
export function textContract(name: string, factory: StoreFactory): void {
  registerInbox(name, factory);
  for (const [what, text] of oddTexts) {
    storeTest(name, `text with ${what} comes back as it went in`, factory, async (store) => {
      const step = sampleStep({ delta: text, detail: `{"x":${JSON.stringify(text)}}`, seal: text });
      const blobs = [{ hash: "1".repeat(64), json: text }];
      await commitAll(store.backend, [
        startCommit({ input: text, labels: text }),
        nextCommit(2, { steps: [step], blobs }),
      ]);
      const backend = store.reopen === undefined ? store.backend : await store.reopen();
      const run = { tenant: "default", runId: "run-1", scope: "", from: "start" } as const;
      assert.deepEqual((await backend.runs.readScope(run)).steps, [step]);
      const head = await backend.runs.readHead("default", "run-1");
      assert.deepEqual([head?.input, head?.labels], [text, text]);
      const read = await backend.runs.readBlobs("default", "run-1", ["1".repeat(64)]);
      assert.equal(read.get("1".repeat(64)), text);
    });
  }

  storeTest(name, "ids that look alike are different runs", factory, async ({ backend }) => {
    const alike = ["read", "Read", "réad", "re\u0301ad", "read ", " read", "read\0", "re", "\ufffd", "ｒead"];
    const pairs = alike.flatMap((tenant) => alike.map((runId) => ({ tenant, runId })));
    const starts = pairs.map((pair, index) => startCommit({ ...pair, seed: `seed-${index}` }));
    const results = await backend.runs.commit(starts);
    assert.deepEqual(new Set(results.map(({ kind }) => kind)), new Set(["committed"]));
    for (const [index, { tenant, runId }] of pairs.entries()) {
      assert.equal((await backend.runs.readHead(tenant, runId))?.seed, `seed-${index}`);
    }
    assert.equal((await backend.runs.listRuns({ tenant: "read", limit: 100 })).length, alike.length);
  });

  for (const [what, id] of [
    ["a lone surrogate", "run-\ud800"],
    ["no character", ""],
    ["too many characters", "x".repeat(256)],
  ] as const) {
    storeTest(name, `an id with ${what} is refused and found nowhere`, factory, async ({ backend }) => {
      await commitAll(backend, [startCommit({ runId: "run-\ufffd" })]);
      for (const origin of [{ runId: id }, { tenant: id }]) {
        const [result] = await backend.runs.commit([startCommit(origin)]);
        assert.equal(result?.kind, "failed");
        assert.ok(result?.kind === "failed" && result.error instanceof AgentFlowError);
        assert.equal((result.error as AgentFlowError).code, "AF_ARGUMENT_INVALID");
      }
      assert.equal(await backend.runs.readHead("default", id), undefined);
      assert.deepEqual(await backend.runs.listRuns({ tenant: id, limit: 9 }), []);
    });
  }

  storeTest(name, "times and counts keep every digit", factory, async ({ backend }) => {
    const large = 8_640_000_000_000_000;
    const progress = { events: 4_503_599_627_370_497, budgetMs: 0.1 + 0.2, updatedAt: large, wakeAt: large };
    await commitAll(backend, [startCommit({ createdAt: sampleTime + 1 }), stepCommit(2, { progress })]);
    const head = await backend.runs.readHead("default", "run-1");
    assert.deepEqual({ ...head, ...progress }, head);
    assert.equal(head?.createdAt, sampleTime + 1);
    const row = sampleStep({ superstep: 1, seq: 3, startedAt: large, durationMs: 1 / 3, event: 2 ** 52 });
    await commitAll(backend, [nextCommit(3, { steps: [row] })]);
    const run = { tenant: "default", runId: "run-1", scope: "", from: "start" } as const;
    assert.deepEqual((await backend.runs.readScope(run)).steps[1], row);
  });
}

function registerInbox(name: string, factory: StoreFactory): void {
  storeTest(name, "odd texts in the inbox come back as they went in", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const run = { tenant: "default", runId: "run-1" };
    const texts = ["read", "Read", "réad", "read ", "a\0b", "👩‍👩‍👧‍👦", "", "字".repeat(500)];
    for (const key of texts)
      for (const kind of ["event", "answer"] as const)
        await backend.inbox.put({ ...run, row: { kind, key, value: JSON.stringify(key), by: key, at: 1 } });
    const rows = await backend.inbox.read("default", "run-1", 0);
    assert.deepEqual(
      rows.map(({ kind, key, value, by }) => [kind, key, value, by]),
      texts.flatMap((key) => ["event", "answer"].map((kind) => [kind, key, JSON.stringify(key), key])),
    );
  });

  storeTest(name, "half a surrogate pair in the inbox is kept or refused", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const run = { tenant: "default", runId: "run-1" };
    const plain = { kind: "event", key: "a", value: "1", by: "b", at: 1 } as const;
    for (const row of [
      { ...plain, key: "a\ud800b" },
      { ...plain, by: "\udfff" },
    ]) {
      try {
        await backend.inbox.put({ ...run, row });
      } catch (error) {
        assert.ok(error instanceof AgentFlowError && error.code === "AF_ARGUMENT_INVALID", String(error));
        continue;
      }
      const stored = (await backend.inbox.read("default", "run-1", 0)).at(-1);
      assert.deepEqual([stored?.key, stored?.by], [row.key, row.by]);
    }
  });
}
