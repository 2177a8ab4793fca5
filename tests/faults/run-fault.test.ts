import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { test } from "node:test";
import type { Fault, FaultOptions } from "./fault.ts";
import { renderReport } from "./render-report.ts";
import { runFault } from "./run-fault.ts";

const quiet: Fault = {
  name: "quiet",
  summary: "nothing goes wrong",
  counts: { strikes: "times that it struck", misses: "times that it missed" },
  stores: ["sqlite"],
  defaults: { count: 3, stores: ["sqlite"] },
  run: async ({ count }, section) => section.count("strikes", count),
};

test("a report shows each count with its meaning, and zeros too", async () => {
  const report = await runFault(quiet, { seed: "s" });
  assert.deepEqual(report.violations, []);
  const text = renderReport(report);
  assert.match(text, /^strikes {2}\s*3 {2}times that it struck$/m);
  assert.match(text, /^misses {3}\s*0 {2}times that it missed$/m);
  assert.match(text, /quiet: 0 violations \(seed s\)/);
});

test("what is asked wins over the fault's defaults, and each store has its section", async () => {
  const seen: FaultOptions[] = [];
  const fault: Fault = {
    ...quiet,
    run: async (options) => void seen.push(options),
  };
  await runFault(fault, { seed: "s", count: 7, gate: true });
  assert.equal(seen.length, 1);
  const [options] = seen;
  assert.equal(options?.count, 7);
  assert.equal(options?.seed, "s");
  assert.equal(options?.gate, true);
  assert.equal(options?.store, "sqlite");
});

test("a violation is printed with its detail, and its folder is kept", async (context) => {
  let folder = "";
  context.after(() => rmSync(folder, { recursive: true }));
  const fault: Fault = {
    ...quiet,
    run: async (options, section) => {
      folder = options.folder;
      section.expect(false, "nothing is lost", "step 3 of run-1");
    },
  };
  const report = await runFault(fault);
  assert.deepEqual(report.violations, [
    { section: "sqlite", promise: "nothing is lost", detail: "step 3 of run-1" },
  ]);
  assert.match(renderReport(report), /VIOLATION on sqlite: nothing is lost\n {4}step 3 of run-1/);
  assert.ok(existsSync(folder));
});

test("what happens under a condition has a column of its own, and keeps the folder of its store", async (context) => {
  let folder = "";
  context.after(() => rmSync(folder, { recursive: true }));
  const fault: Fault = {
    ...quiet,
    run: async (options, section) => {
      folder = options.folder;
      section.section("strict").count("strikes", 2);
      section.section("strict").violation("nothing is lost");
    },
  };
  const text = renderReport(await runFault(fault));
  assert.match(text, /^ +sqlite strict$/m);
  assert.match(text, /^strikes +2 {2}times that it struck$/m);
  assert.ok(existsSync(folder));
});

test("a fault that breaks is a violation", async (context) => {
  const fault: Fault = {
    ...quiet,
    run: async ({ folder }) => {
      context.after(() => rmSync(folder, { recursive: true }));
      throw new Error("no such program");
    },
  };
  const [violation] = (await runFault(fault)).violations;
  assert.match(violation?.detail ?? "", /no such program/);
});

test("what the machine lacks is said by name, and is a violation where services are required", async (context) => {
  const before = process.env["AF_REQUIRE_SERVICES"];
  context.after(() => {
    if (before === undefined) delete process.env["AF_REQUIRE_SERVICES"];
    else process.env["AF_REQUIRE_SERVICES"] = before;
  });
  const fault: Fault = { ...quiet, missing: async () => "strace is not installed" };
  process.env["AF_REQUIRE_SERVICES"] = "0";
  const skipped = await runFault(fault);
  assert.deepEqual(skipped.violations, []);
  assert.match(renderReport(skipped), /SKIPPED: quiet on sqlite: strace is not installed/);
  process.env["AF_REQUIRE_SERVICES"] = "1";
  assert.equal((await runFault(fault)).violations.length, 1);
  assert.deepEqual((await runFault({ ...fault, isOptional: true })).violations, []);
});
