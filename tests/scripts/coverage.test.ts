import assert from "node:assert/strict";
import { test } from "node:test";
import {
  coverageProblems,
  coverageTable,
  type FileCoverage,
  hasRuntimeCode,
  totals,
  uncoveredOf,
  unloadedFile,
} from "../../scripts/coverage.ts";

function covered(path: string, percent: number): FileCoverage {
  return {
    path,
    totalLineCount: 100,
    totalBranchCount: 100,
    totalFunctionCount: 100,
    coveredLineCount: percent,
    coveredBranchCount: percent,
    coveredFunctionCount: percent,
    uncovered: percent === 100 ? [] : ["line 7"],
  };
}

const core = "packages/core/src/own.ts";
const engine = "packages/engine/src/own.ts";

test("core covered in full and the rest at 80 % passes", () => {
  assert.deepEqual(coverageProblems([covered(core, 100), covered(engine, 80)]), []);
});

test("a drop below 80 % over all fails for lines and for branches", () => {
  assert.deepEqual(coverageProblems([covered(engine, 79)]), [
    "coverage of all lines is 79.00 %, below 80 %",
    "coverage of all branches is 79.00 %, below 80 %",
  ]);
});

test("a core file below 100 % fails by name and place", () => {
  assert.deepEqual(coverageProblems([covered(core, 99)]), [`coverage of ${core} is below 100 %: line 7`]);
});

test("a core file below 100 % in functions alone fails", () => {
  assert.equal(coverageProblems([{ ...covered(core, 100), coveredFunctionCount: 99 }]).length, 1);
});

test("a file that no test loads counts as uncovered", () => {
  const file = unloadedFile(core, "export const own = 1;\n");
  assert.deepEqual(totals([file]), { lines: 0, branches: 0, functions: 0 });
  assert.match(coverageProblems([file]).at(-1) ?? "", /no test loads the file/);
});

test("a file of types alone has nothing to cover", () => {
  assert.equal(
    hasRuntimeCode('import type { A } from "./a.ts";\n/** Doc. */\nexport interface B { a: A }\n'),
    false,
  );
  assert.equal(hasRuntimeCode("export type A = string;\nexport const a: A = 'x';\n"), true);
});

test("what is uncovered is named by line", () => {
  const file = {
    ...covered(core, 50),
    coveredLinePercent: 50,
    coveredBranchPercent: 50,
    coveredFunctionPercent: 50,
    lines: [
      { line: 1, count: 1 },
      { line: 2, count: 0 },
      { line: 3, count: 2 },
      { line: 4, count: 0 },
      { line: 5, count: 0 },
    ],
    branches: [{ line: 3, count: 0 }],
    functions: [{ name: "own", line: 4, count: 0 }],
  };
  assert.deepEqual(uncoveredOf(file), ["line 2", "lines 4-5", "branch at line 3", "function own at line 4"]);
});

test("the table has a row for each package and one for all", () => {
  const rows = coverageTable([covered(engine, 50), covered(core, 100)])
    .trimEnd()
    .split("\n");
  assert.deepEqual(
    rows.slice(1).map((row) => row.split(/\s+/).slice(0, 2)),
    [
      ["packages/core", "100.00"],
      ["packages/engine", "50.00"],
      ["all", "75.00"],
    ],
  );
});
