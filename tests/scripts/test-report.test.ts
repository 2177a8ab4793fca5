import assert from "node:assert/strict";
import { test } from "node:test";
import { closingLine, type TestOutcome, TestReport } from "../../scripts/test-report.ts";

const file = "/own.test.ts";

function outcome(overrides: Partial<TestOutcome>): TestOutcome {
  return {
    name: "a promise",
    nesting: 0,
    type: "test",
    entry: file,
    file,
    line: 3,
    skip: false,
    error: undefined,
    ...overrides,
  };
}

function failure(failureType: string, cause: unknown): Error {
  return Object.assign(new Error("wrapped", { cause }), { failureType });
}

/** Reports and gives back what was written and what was counted. */
function reported(act: (report: TestReport) => void): { text: string; report: TestReport } {
  const parts: string[] = [];
  const report = new TestReport(
    (part) => parts.push(part),
    (path) => path.slice(1),
  );
  act(report);
  report.end();
  return { text: parts.join(""), report };
}

test("the closing line names skips only where there are any", () => {
  assert.equal(closingLine({ passed: 2, failed: 1, skipped: 0 }), "2 passed, 1 failed");
  assert.equal(closingLine({ passed: 2, failed: 0, skipped: 3 }), "2 passed, 0 failed, 3 skipped");
});

test("the closing line is the last line", () => {
  const { text } = reported((report) => {
    report.fail(outcome({ error: failure("testCodeFailure", new Error("broken")) }));
    report.pass(outcome({}));
  });
  assert.match(text, /\n1 passed, 1 failed\n$/);
});

test("a failure is shown in full, with what its file printed", () => {
  const { text } = reported((report) => {
    report.output(file, "printed before\n");
    report.fail(
      outcome({ error: failure("testCodeFailure", new Error("broken", { cause: new Error("deeper") })) }),
    );
    report.output("/quiet.test.ts", "printed by a file that passed\n");
  });
  assert.match(text, /FAILED own\.test\.ts:3 a promise\n {4}Error: broken/);
  assert.match(text, /deeper/);
  assert.match(text, /printed before/);
  assert.doesNotMatch(text, /printed by a file that passed/);
});

test("a suite and a parent that failed by its subtests are not counted", () => {
  const { report } = reported((report) => {
    report.fail(
      outcome({ name: "child", nesting: 1, error: failure("testCodeFailure", new Error("broken")) }),
    );
    report.fail(outcome({ name: "parent", error: failure("subtestsFailed", "1 subtest failed") }));
    report.fail(outcome({ name: file, error: failure("subtestsFailed", "test failed") }));
    report.pass(outcome({ name: "suite", type: "suite" }));
  });
  assert.deepEqual(report.counts, { passed: 0, failed: 1, skipped: 0 });
});

test("a file that ends in failure without a failed test is a failure", () => {
  const { report, text } = reported((report) => {
    report.pass(outcome({}));
    report.fail(outcome({ name: file, error: failure("subtestsFailed", "exit code 1") }));
  });
  assert.equal(report.counts.failed, 1);
  assert.match(text, /\(the file itself\)/);
});

test("a file that declares no test fails, a file of type tests does not", () => {
  const types = "/own.types.test.ts";
  const { report } = reported((report) => {
    report.pass(outcome({ name: file }));
    report.pass(outcome({ name: types, entry: types, file: types }));
  });
  assert.deepEqual(report.counts, { passed: 0, failed: 1, skipped: 0 });
});

test("a skip is shown by name and reason", () => {
  const { text, report } = reported((report) => {
    report.pass(outcome({ skip: "redis does not answer" }));
  });
  assert.equal(report.counts.skipped, 1);
  assert.match(text, /SKIPPED own\.test\.ts:3 a promise: redis does not answer/);
});

test("a problem that is no test's counts as a failure", () => {
  const { text, report } = reported((report) => report.problem("coverage is too low"));
  assert.equal(report.counts.failed, 1);
  assert.match(text, /FAILED coverage is too low/);
});

test("a test of a contract suite counts for the file that runs the suite", () => {
  const { text } = reported((report) => {
    report.output(file, "printed by the suite\n");
    report.fail(outcome({ file: "/suite.ts", error: failure("testCodeFailure", new Error("broken")) }));
    report.fileEnded(file, 5);
  });
  assert.match(text, /FAIL own\.test\.ts \(1 tests, 5 ms\)/);
  assert.match(text, /FAILED suite\.ts:3 a promise/);
  assert.match(text, /printed by the suite/);
});
