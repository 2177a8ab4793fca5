import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import type { Fault, FaultOptions } from "./fault.ts";
import { faultsCommand } from "./faults-command.ts";

const seen: FaultOptions[] = [];

const counted: Fault = {
  name: "counted",
  summary: "holds",
  counts: { strikes: "times that it struck" },
  stores: ["sqlite"],
  defaults: { count: 2, stores: ["sqlite"] },
  run: async (options, section) => {
    seen.push(options);
    section.count("strikes", options.count);
  },
};

const timed: Fault = {
  ...counted,
  name: "timed",
  summary: "does not hold",
  defaults: { durationMs: 1_000, stores: ["sqlite"] },
  run: async (options, section) => {
    seen.push(options);
    section.violation("it holds");
    rmSync(options.folder, { recursive: true });
  },
};

async function call(...given: readonly string[]) {
  seen.length = 0;
  let output = "";
  let errors = "";
  const code = await faultsCommand({
    arguments: given,
    faults: [counted, timed],
    output: (text) => {
      output += text;
    },
    errors: (text) => {
      errors += text;
    },
  });
  return { code, output, errors };
}

test("without a name, or with list, each fault is listed with its line, and none is run", async () => {
  for (const given of [[], ["list"]]) {
    const { code, output } = await call(...given);
    assert.equal(code, 0);
    assert.match(output, /^ {2}counted {2}holds$/m);
    assert.match(output, /^ {2}timed {4}does not hold$/m);
    assert.equal(seen.length, 0);
  }
});

test("a fault whose promises hold ends with 0, one with a violation with 1, and all of them with 1", async () => {
  assert.equal((await call("counted")).code, 0);
  const { code, output } = await call("timed");
  assert.equal(code, 1);
  assert.match(output, /VIOLATION on sqlite: it holds/);
  assert.equal((await call("all")).code, 1);
  assert.equal(seen.length, 2);
});

test("options reach the faults that take them", async () => {
  await call("all", "--count", "7", "--duration", "2.5", "--seed", "x", "--gate");
  assert.deepEqual(
    seen.map(({ count, durationMs, seed, gate }) => ({ count, durationMs, seed, gate })),
    [
      { count: 7, durationMs: 2_500, seed: "x", gate: true },
      { count: 7, durationMs: 2_500, seed: "x", gate: true },
    ],
  );
});

test("with --json each fault is one JSON document on a line of its own", async () => {
  const { output } = await call("all", "--json", "--seed", "x");
  const [first, second] = output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(first, {
    fault: "counted",
    seed: "x",
    meanings: counted.counts,
    sections: [{ label: "sqlite", counts: { strikes: 2 }, violations: [], notes: [] }],
  });
  assert.equal(second.sections[0].violations[0].promise, "it holds");
});

for (const [given, told] of [
  [["unknown"], /There is no fault "unknown"/],
  [["counted", "--duration", "3"], /takes --duration/],
  [["timed", "--count", "3"], /takes --count/],
  [["counted", "--count", "none"], /--count takes a number above 0/],
  [["counted", "--store", "mars"], /runs on the store "mars"/],
  [["counted", "--unknown"], /--unknown/],
] as const) {
  test(`${given.join(" ")} ends with 2 and says why`, async () => {
    const { code, errors } = await call(...given);
    assert.equal(code, 2);
    assert.match(errors, told);
    assert.equal(seen.length, 0);
  });
}
