// Runs the tests of the repository on Node's runner, two files at a time.
//
//   node scripts/test.ts [--coverage] [files or folders]
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type EventData, run } from "node:test";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { FileCoverage } from "./coverage.ts";
import { testFiles } from "./test-files.ts";
import { failedOutcome, passedOutcome, TestReport } from "./test-report.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const sourceGlob = "packages/*/src/**/*.ts";
const testGlobs = ["**/*.test.ts", "**/*.fixture.ts"];
// These run no shipped code from its sources, and measuring the compiler that they drive takes minutes.
const unmeasured = /^(bench|tests[/\\](install|rules|scripts|typing))[/\\]/;
const testTimeoutMs = 15 * 60_000;

function relativePath(path: string): string {
  return relative(root, path).split(sep).join("/");
}

async function runFiles(
  files: readonly string[],
  coverage: boolean,
  report: TestReport,
): Promise<EventData.TestCoverage | undefined> {
  let measured: EventData.TestCoverage | undefined;
  const stream = run({
    files: files.map((file) => join(root, file)),
    cwd: root,
    concurrency: 2,
    timeout: testTimeoutMs,
    coverage,
    coverageIncludeGlobs: [sourceGlob],
    coverageExcludeGlobs: testGlobs,
  });
  stream.on("test:pass", (data) => report.pass(passedOutcome(data)));
  stream.on("test:fail", (data) => report.fail(failedOutcome(data)));
  stream.on("test:stdout", (data) => report.output(data.file, data.message));
  stream.on("test:stderr", (data) => report.output(data.file, data.message));
  stream.on("test:summary", (data) => {
    if (data.file !== undefined) report.fileEnded(data.file, data.duration_ms);
  });
  stream.on("test:coverage", (data) => {
    measured = data;
  });
  stream.resume();
  await once(stream, "end");
  return measured;
}

async function reportCoverage(
  measured: EventData.TestCoverage | undefined,
  report: TestReport,
): Promise<void> {
  if (measured === undefined) {
    report.problem("coverage was asked for, and the runner measured none");
    return;
  }
  // Loaded here because TypeScript takes a third of a second to start, which a plain test run need not pay.
  const { coverageProblems, coverageTable, hasRuntimeCode, uncoveredOf, unloadedFile } = await import(
    "./coverage.ts"
  );
  const files: FileCoverage[] = measured.summary.files.map((file) => ({
    ...file,
    path: relativePath(file.path),
    uncovered: uncoveredOf(file),
  }));
  const loaded = new Set(files.map((file) => file.path));
  for (const source of globSync(sourceGlob, { cwd: root, exclude: testGlobs })) {
    const path = relativePath(join(root, source));
    const text = readFileSync(join(root, source), "utf8");
    if (!loaded.has(path) && hasRuntimeCode(text)) files.push(unloadedFile(path, text));
  }
  process.stdout.write(`\n${coverageTable(files)}`);
  for (const problem of coverageProblems(files)) report.problem(problem);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { coverage: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const files = testFiles(root, positionals);
  const report = new TestReport((text) => process.stdout.write(text), relativePath);
  const measuring = values.coverage ? files.filter((file) => !unmeasured.test(file)) : [];
  const measured = measuring.length > 0 ? await runFiles(measuring, true, report) : undefined;
  const rest = files.filter((file) => !measuring.includes(file));
  if (rest.length > 0) await runFiles(rest, false, report);
  if (values.coverage) await reportCoverage(measured, report);
  report.end();
  if (report.counts.failed > 0) process.exitCode = 1;
}

await main();
