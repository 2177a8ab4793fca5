/**
 * Turns the events of Node's test runner into a report for people: one line a file, failures in full with what
 * their file printed, skips by name, and the closing line. It decides nothing about which tests run.
 *
 * Invariants: a test is counted once, as passed, failed or skipped; a suite is not a test; a parent that failed
 * only because its subtests did is not counted a second time.
 */
import type { EventData } from "node:test";
import { inspect } from "node:util";

/** What a run of the tests came to. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The parts of a runner event that the report reads. */
export interface TestOutcome {
  name: string;
  nesting: number;
  type: "suite" | "test";
  /** The test file that was run. */
  entry: string;
  /** The file that the test is written in: a contract suite's, or the entry itself. */
  file: string;
  line: number;
  skip: string | false;
  error: unknown;
}

interface FileOutput {
  text: string;
  tests: number;
  failed: number;
}

/** Formats counts as the line that ends every test run: `N passed, N failed`, then skips if there are any. */
export function closingLine(counts: TestCounts): string {
  const line = `${counts.passed} passed, ${counts.failed} failed`;
  return counts.skipped === 0 ? line : `${line}, ${counts.skipped} skipped`;
}

/** Reads a pass event of `node:test`. */
export function passedOutcome(data: EventData.TestPass): TestOutcome {
  return { ...outcomeOf(data), error: undefined };
}

/** Reads a failure event of `node:test`. */
export function failedOutcome(data: EventData.TestFail): TestOutcome {
  return { ...outcomeOf(data), error: data.details.error };
}

function outcomeOf(
  data: (EventData.TestPass | EventData.TestFail) & { entryFile?: string },
): Omit<TestOutcome, "error"> {
  const reason = data.skip ?? data.todo;
  const file = data.file ?? data.name;
  return {
    name: data.name,
    nesting: data.nesting,
    type: data.details.type ?? "test",
    entry: data.entryFile ?? file,
    file,
    line: data.line ?? 1,
    skip: reason === undefined || reason === false ? false : reason === true ? "no reason given" : reason,
  };
}

function failureTypeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("failureType" in error)) return undefined;
  return String(error.failureType);
}

function describeError(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  let text = typeof cause === "string" ? cause : inspect(cause, { depth: 8, colors: false });
  // The message of a failed assertion already shows both values: leave out its properties, which repeat them.
  if (cause instanceof Error && "generatedMessage" in cause) text = cause.stack ?? cause.message;
  return text.replaceAll(/^ +at .*\(?node:.*\n?/gm, "").replaceAll(/^/gm, "    ");
}

/** Collects the outcomes of a test run and writes the report through `write`. */
export class TestReport {
  readonly counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  readonly #write: (text: string) => void;
  readonly #relativePath: (path: string) => string;
  readonly #files = new Map<string, FileOutput>();
  readonly #failures: string[] = [];
  readonly #skips: string[] = [];

  constructor(write: (text: string) => void, relativePath: (path: string) => string) {
    this.#write = write;
    this.#relativePath = relativePath;
  }

  /** Keeps what a test file printed, to be shown if one of its tests fails. */
  output(file: string | undefined, text: string): void {
    if (file === undefined) this.#write(text);
    else this.#file(file).text += text;
  }

  /** Counts a test that passed or was skipped. */
  pass(outcome: TestOutcome): void {
    if (outcome.type === "suite" && outcome.skip === false) return;
    if (outcome.name === outcome.entry) {
      this.#emptyFile(outcome);
      return;
    }
    this.#file(outcome.entry).tests += 1;
    if (outcome.skip === false) {
      this.counts.passed += 1;
      return;
    }
    this.counts.skipped += 1;
    this.#skips.push(`SKIPPED ${this.#where(outcome)} ${outcome.name}: ${outcome.skip}`);
  }

  /** Counts a test that failed and keeps its error for the end of the report. */
  fail(outcome: TestOutcome): void {
    const type = failureTypeOf(outcome.error);
    if (type === "subtestsFailed" && (outcome.name !== outcome.entry || this.#file(outcome.entry).failed > 0))
      return;
    this.#failed(outcome, describeError(outcome.error));
  }

  /** Writes the line of a file whose tests have ended. */
  fileEnded(file: string, durationMs: number): void {
    const { tests, failed } = this.#file(file);
    const verdict = failed === 0 ? "ok  " : "FAIL";
    this.#write(`${verdict} ${this.#relativePath(file)} (${tests} tests, ${Math.round(durationMs)} ms)\n`);
  }

  /** Counts a failure that is not a test's, such as coverage below its limit. */
  problem(message: string): void {
    this.counts.failed += 1;
    this.#failures.push(`FAILED ${message}`);
  }

  /** Writes failures and skips, and last the closing line. */
  end(): void {
    for (const [file, { text, failed }] of this.#files) {
      if (failed > 0 && text !== "") this.#write(`\n--- printed by ${this.#relativePath(file)}\n${text}\n`);
    }
    for (const failure of this.#failures) this.#write(`\n${failure}\n`);
    if (this.#skips.length > 0) this.#write(`\n${this.#skips.join("\n")}\n`);
    this.#write(`\n${closingLine(this.counts)}\n`);
  }

  // A file of type tests proves its promises in the type checker; any other file has to declare a test.
  #emptyFile(outcome: TestOutcome): void {
    if (outcome.entry.endsWith(".types.test.ts")) return;
    this.#failed(outcome, "    The file declares no test.");
  }

  #failed(outcome: TestOutcome, detail: string): void {
    const file = this.#file(outcome.entry);
    file.tests += 1;
    file.failed += 1;
    this.counts.failed += 1;
    const name = outcome.name === outcome.entry ? "(the file itself)" : outcome.name;
    this.#failures.push(`FAILED ${this.#where(outcome)} ${name}\n${detail}`);
  }

  #where(outcome: TestOutcome): string {
    return `${this.#relativePath(outcome.file)}:${outcome.line}`;
  }

  #file(path: string): FileOutput {
    let file = this.#files.get(path);
    if (file === undefined) {
      file = { text: "", tests: 0, failed: 0 };
      this.#files.set(path, file);
    }
    return file;
  }
}
