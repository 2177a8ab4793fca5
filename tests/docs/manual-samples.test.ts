import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { splitMarkdown } from "../rules/markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "agentflow-manuals-"));

after(() => rmSync(folder, { recursive: true, force: true }));

interface Sample {
  readonly place: string;
  readonly text: string;
}

/** How one sample ended: what it printed, and what it threw. */
interface Ended {
  readonly printed: readonly string[];
  readonly trouble: string;
}

// Only what makes an engine, or tests a workflow, does something when it is run.
const runs = /createEngine\(|testRun\(|testEngine\(|explore[A-Z]\w+\(/;

function samplesOf(page: string): Sample[] {
  const { blocks } = splitMarkdown(readFileSync(join(root, page), "utf8").replaceAll("\r\n", "\n"));
  return blocks
    .filter(({ language, text }) => language === "ts" && runs.test(text))
    .map(({ line, text }) => ({ place: `${page}:${line}`, text }));
}

/** What a sample says in comments that it prints: `console.log(x); // 1`. */
function promisedLines(text: string): string[] {
  return [...text.matchAll(/^ *console\.log\(.*\); \/\/ (.+)$/gm)].map(([, promised]) => promised ?? "");
}

const mark = "--- end of a sample: ";

function runner(count: number): string {
  return `for (let index = 0; index < ${count}; index++) {
    let trouble = "";
    try {
      await import(\`./sample-\${index}.ts\`);
    } catch (error) {
      trouble = String(error);
    }
    console.log(${JSON.stringify(mark)} + JSON.stringify(trouble));
  }`;
}

/** Runs all samples in one process, because starting one takes longer than most of them run. */
function run(samples: readonly Sample[]): Ended[] {
  mkdirSync(join(folder, "node_modules"));
  const installed = join(root, "node_modules/agentflow");
  symlinkSync(installed, join(folder, "node_modules/agentflow"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const name of ["README.md", "LICENSE"]) writeFileSync(join(folder, name), "three plain words\n");
  for (const [index, { text }] of samples.entries()) writeFileSync(join(folder, `sample-${index}.ts`), text);
  writeFileSync(join(folder, "runner.ts"), runner(samples.length));
  const { stdout } = spawnSync(process.execPath, ["runner.ts"], { cwd: folder, encoding: "utf8" });
  const ended: Ended[] = [];
  let printed: string[] = [];
  for (const line of stdout.split("\n")) {
    if (!line.startsWith(mark)) {
      printed.push(line);
      continue;
    }
    ended.push({ printed, trouble: JSON.parse(line.slice(mark.length)) });
    printed = [];
  }
  return ended;
}

const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: root }).sort()];
const samples = pages.flatMap((page) => samplesOf(page.replaceAll("\\", "/")));
const ended = run(samples);

test("the manuals have samples that run", () => assert.ok(samples.length >= 10));

for (const [index, { place, text }] of samples.entries()) {
  test(`the sample at ${place} runs and prints what it says`, () => {
    const { printed, trouble } = ended[index] ?? { printed: [], trouble: "it ended the process" };
    assert.equal(trouble, "");
    for (const promised of promisedLines(text)) {
      assert.ok(printed.includes(promised), `It does not print ${promised}, but:\n${printed.join("\n")}`);
    }
  });
}
