import assert from "node:assert/strict";
import { test } from "node:test";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const asksModel = fixture("workflows/asks-model.ts");
const greet = fixture("workflows/greet.ts");

interface Total {
  readonly key: string;
  readonly calls: number;
  readonly costNanos: number;
  readonly costDollars: string;
  readonly unpriced: number;
}

test("af costs adds up what calls of models took, by what is asked, and says which had no price", async (context) => {
  const cwd = temporaryFolder(context);
  for (const runId of ["one", "two"]) {
    const ended = await af(["run", asksModel, "--run-id", runId], { cwd });
    assert.equal(ended.code, 0, ended.stderr);
  }
  const totals = async (...words: string[]): Promise<Total[]> => {
    const ended = await af(["costs", "--json", ...words], { cwd });
    assert.equal(ended.code, 0, ended.stderr);
    const costs = JSON.parse(ended.stdout) as { totals: Total[]; total: Total | null };
    const sum = costs.totals.reduce((all, { costNanos }) => all + costNanos, 0);
    assert.equal(costs.total?.costNanos ?? 0, sum);
    return costs.totals;
  };
  const short = (all: readonly Total[]) =>
    all.map(({ key, calls, costDollars, unpriced }) => [key, calls, costDollars, unpriced]);
  // A call of the priced model is 1,000 tokens at $2 and 100 at $10 per million.
  assert.deepEqual(short(await totals()), [
    ["priced:m", 4, "0.012000", 0],
    ["unpriced:m", 2, "0.000000", 2],
  ]);
  assert.deepEqual(short(await totals("--by", "node", "--run", "one")), [
    ["asks-model/first", 1, "0.003000", 0],
    ["asks-model/second", 2, "0.003000", 1],
  ]);
  assert.deepEqual(short(await totals("--by", "run")), [
    ["one", 3, "0.006000", 1],
    ["two", 3, "0.006000", 1],
  ]);
  assert.deepEqual(short(await totals("--by", "workflow", "--until", "1h")), []);
  const table = await af(["costs", "--by", "day"], { cwd });
  assert.match(
    table.stdout,
    /^DAY +CALLS +FAILED +IN +CACHED +OUT +COST\n\d{4}-\d\d-\d\d +6 +0 +6000 +0 +600 +\$0\.012000 \+ 2 unpriced\n$/,
  );
});

test("af costs of runs that called no model, or of no runs, is empty and no error", async (context) => {
  const cwd = temporaryFolder(context);
  const none = { by: "model", totals: [], total: null };
  assert.deepEqual(JSON.parse((await af(["costs", "--json"], { cwd })).stdout), none);
  await af(["run", greet, "--input", '{"name":"Ada"}'], { cwd });
  assert.deepEqual(JSON.parse((await af(["costs", "--json"], { cwd })).stdout), none);
  const plain = await af(["costs"], { cwd });
  assert.deepEqual([plain.code, plain.stdout], [0, ""]);
  assert.match(plain.stderr, /No run here has called a model/);
  assert.equal((await af(["costs", "--by", "colour"], { cwd })).code, 2);
  assert.equal((await af(["costs", "--run", "gone"], { cwd })).code, 5);
});
