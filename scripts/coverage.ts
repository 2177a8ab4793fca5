import type { EventData } from "node:test";
import ts from "typescript";

/** Coverage of one source file, as counts. */
export type FileCoverage = Pick<
  EventData.TestCoverage["summary"]["files"][number],
  | "path"
  | "totalLineCount"
  | "totalBranchCount"
  | "totalFunctionCount"
  | "coveredLineCount"
  | "coveredBranchCount"
  | "coveredFunctionCount"
> & { uncovered: readonly string[] };

/** The lowest percentages that pass: over everything, and of the package that has to be covered in full. */
const coverageLimits = { overall: 80, full: 100, fullPrefix: "packages/core/src/" };

function rangesOf(lines: readonly number[]): string[] {
  const ranges: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === line - 1) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  return ranges.map(({ from, to }) => (from === to ? `line ${from}` : `lines ${from}-${to}`));
}

/** Names the lines, branches and functions of a file that no test reached. */
export function uncoveredOf(file: EventData.TestCoverage["summary"]["files"][number]): string[] {
  return [
    ...rangesOf(file.lines.filter((line) => line.count === 0).map((line) => line.line)),
    ...file.branches.filter((branch) => branch.count === 0).map((branch) => `branch at line ${branch.line}`),
    ...file.functions
      .filter((each) => each.count === 0)
      .map((each) => `function ${each.name} at line ${each.line}`),
  ];
}

/** Says whether a source text leaves code behind once its types are stripped. */
export function hasRuntimeCode(text: string): boolean {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, removeComments: true },
  });
  return outputText.replaceAll("export {};", "").trim() !== "";
}

/** Counts a file that no test loaded: all of it is uncovered. */
export function unloadedFile(path: string, text: string): FileCoverage {
  return {
    path,
    totalLineCount: text.split("\n").length,
    totalBranchCount: 1,
    totalFunctionCount: 1,
    coveredLineCount: 0,
    coveredBranchCount: 0,
    coveredFunctionCount: 0,
    uncovered: ["all of it: no test loads the file"],
  };
}

function percent(covered: number, total: number): number {
  return total === 0 ? 100 : (100 * covered) / total;
}

/** Adds up the coverage of files: lines, branches and functions in percent. */
export function totals(files: readonly FileCoverage[]): {
  lines: number;
  branches: number;
  functions: number;
} {
  const sum = (pick: (file: FileCoverage) => number): number =>
    files.reduce((all, file) => all + pick(file), 0);
  return {
    lines: percent(
      sum((file) => file.coveredLineCount),
      sum((file) => file.totalLineCount),
    ),
    branches: percent(
      sum((file) => file.coveredBranchCount),
      sum((file) => file.totalBranchCount),
    ),
    functions: percent(
      sum((file) => file.coveredFunctionCount),
      sum((file) => file.totalFunctionCount),
    ),
  };
}

/** Lists what keeps the coverage of `files` (paths relative to the repository) below its limits. */
export function coverageProblems(files: readonly FileCoverage[], limits = coverageLimits): string[] {
  const problems: string[] = [];
  const { lines, branches } = totals(files);
  for (const [kind, value] of Object.entries({ lines, branches })) {
    if (value < limits.overall) {
      problems.push(`coverage of all ${kind} is ${value.toFixed(2)} %, below ${limits.overall} %`);
    }
  }
  for (const file of files) {
    if (!file.path.startsWith(limits.fullPrefix)) continue;
    const { lines, branches, functions } = totals([file]);
    if (Math.min(lines, branches, functions) >= limits.full) continue;
    problems.push(`coverage of ${file.path} is below ${limits.full} %: ${file.uncovered.join(", ")}`);
  }
  return problems;
}

/** Formats coverage as a table, one row a package and one for everything. */
export function coverageTable(files: readonly FileCoverage[]): string {
  const groups = Map.groupBy(files, (file) => file.path.split("/").slice(0, 2).join("/"));
  const rows = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  const cells = [...rows, ["all", files] as const].map(([name, members]) => {
    const { lines, branches, functions } = totals(members);
    return `${name.padEnd(24)} ${[lines, branches, functions].map((value) => value.toFixed(2).padStart(9)).join(" ")}`;
  });
  return `${"coverage".padEnd(24)}   lines %  branch %    func %\n${cells.join("\n")}\n`;
}
