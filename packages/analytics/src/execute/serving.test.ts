import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { QueryCancelledError, QueryError, QueryQueueFullError } from "@agentflow/core";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { OpenDataset, type OpenOptions } from "./open-dataset.ts";
import type { QueryRecord } from "./receipt.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-serving-"));
const directory = join(folder, "shop");

before(async () => void (await writeShop(directory)));
after(() => rmSync(folder, { recursive: true, force: true }));

async function openShop(options: OpenOptions = {}) {
  const records: QueryRecord[] = [];
  const dataset = await OpenDataset.open(shop, directory, {
    ...options,
    onQuery: (each) => records.push(each),
  });
  return { dataset, records };
}

// Far longer than any test waits: only an interruption ends it.
const endless = "SELECT sum(a.range * b.range) AS total FROM range(10000000) a, range(10000000) b";

test("ten equal questions at once are answered by one query, each logged, and none is kept for later (OLP-11)", async () => {
  const { dataset, records } = await openShop();
  using _ = dataset;
  const ask = () => dataset.ask({ measures: ["revenue"], by: ["year"], where: { kind: "cup" } });
  const answers = await Promise.all(Array.from({ length: 10 }, ask));
  assert.equal(new Set(answers.map(({ receipt }) => receipt)).size, 1);
  assert.equal(records.filter(({ shared }) => !shared).length, 1);
  assert.equal(new Set(records.map(({ queryId }) => queryId)).size, 10);
  await ask();
  assert.equal(records.filter(({ shared }) => !shared).length, 2);
});

test("different questions are answered in the order in which they were asked, so many at once (OLP-11)", async () => {
  const { dataset, records } = await openShop({ atOnce: 1 });
  using _ = dataset;
  const pieces = [1, 2, 3, 4, 5, 6, 7, 8];
  const questions = pieces.map(
    (each) => ({ measures: ["sales"], by: ["pieces"], where: { pieces: each } }) as const,
  );
  const answers = dataset.askAll(questions);
  assert.deepEqual(dataset.load, { running: 1, waiting: 7 });
  assert.deepEqual(
    (await answers).map(({ rows }) => rows),
    // 30 sales a month, of 1 to 9 pieces in turn.
    pieces.map((each) => [{ pieces: each, sales: each <= 3 ? 24 : 18 }]),
  );
  // Whoever came later waited at least as long.
  const waits = records.map(({ queuedMs }) => queuedMs);
  assert.deepEqual(
    waits,
    [...waits].sort((a, b) => a - b),
  );
  assert.equal(records.filter(({ shared }) => shared).length, 0);
  assert.deepEqual(dataset.load, { running: 0, waiting: 0 });
});

test("a question that is called off interrupts DuckDB, whenever it happens, and the next one is answered (AF_QUERY_CANCELLED)", async () => {
  const { dataset, records } = await openShop({ atOnce: 1 });
  using _ = dataset;
  for (const turns of [0, 1, 2, 5, 50]) {
    const stop = new AbortController();
    const asked = dataset.sql(endless, [], { signal: stop.signal });
    const next = dataset.ask({ measures: ["sales"] });
    assert.deepEqual(dataset.load, { running: 1, waiting: 1 });
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("enough"));
    await assert.rejects(
      asked,
      (error) => error instanceof QueryCancelledError && (error.cause as Error).message === "enough",
    );
    // It is answered only once the place of the endless one is free.
    assert.deepEqual((await next).rows, [{ sales: 180 }]);
  }
  assert.equal(records.filter(({ failed }) => failed === "AF_QUERY_CANCELLED").length, 5);
});

test("one of two who wait for the same answer may leave without taking it from the other", async () => {
  const { dataset } = await openShop();
  using _ = dataset;
  const stop = new AbortController();
  const leaves = dataset.ask({ measures: ["sales"] }, { signal: stop.signal });
  const stays = dataset.ask({ measures: ["sales"] });
  stop.abort();
  await assert.rejects(leaves, QueryCancelledError);
  assert.deepEqual((await stays).rows, [{ sales: 180 }]);
});

test("when as many wait as may, the next question is refused, and equal ones take one place (AF_QUERY_QUEUE_FULL)", async () => {
  const { dataset } = await openShop({ atOnce: 1, waitingMax: 1 });
  using _ = dataset;
  const year = (value: number) => dataset.ask({ measures: ["sales"], where: { year: value } });
  const taken = [year(2021), year(2022), year(2022), year(2021)];
  await assert.rejects(year(2023), QueryQueueFullError);
  assert.deepEqual(
    (await Promise.all(taken)).map(({ rows }) => rows[0]?.sales),
    [90, 90, 90, 90],
  );
});

test("the first failure among questions asked together calls off the others", async () => {
  const { dataset, records } = await openShop({ atOnce: 1 });
  using _ = dataset;
  const blocked = dataset.sql("SELECT count(*) AS lines FROM sale, range(200000)");
  const good = { measures: ["sales"] } as const;
  const bad = { measures: ["sales"], limit: 0 } as const;
  await assert.rejects(dataset.askAll([good, bad]), QueryError);
  assert.deepEqual((await blocked).rows, [{ lines: 36_000_000 }]);
  assert.deepEqual(
    records.map(({ failed }) => failed),
    ["AF_QUERY_CANCELLED", undefined],
  );
  const stop = AbortSignal.abort();
  await assert.rejects(dataset.askAll([good], { signal: stop }), QueryCancelledError);
});

test("a plan with its times is explained too (OLP-11)", async () => {
  const { dataset } = await openShop();
  using _ = dataset;
  const analyzed = await dataset.explain({ measures: ["revenue"], by: ["kind"] }, { analyze: true });
  assert.match(analyzed, /Total Time: [\d.]+s[\s\S]*HASH_JOIN/);
});
