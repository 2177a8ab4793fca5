import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEngine, StepFailedError, ValidationError } from "agentflow";
import { research } from "./workflow.ts";

const lighthouse = fileURLToPath(new URL("fixtures/lighthouse", import.meta.url));
const project = fileURLToPath(new URL("../..", import.meta.url));
const question = "What happens when the lamp fails in fog?";

type Input = { readonly question: string; readonly folder: string; readonly patterns?: readonly string[] };

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "research-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function engineIn(folder: string, maxConcurrent = 8) {
  const runsDirectory = join(folder, "runs");
  return createEngine({
    store: `sqlite:${join(folder, "agentflow.db")}`,
    artifactsDirectory: join(folder, "artifacts"),
    runsDirectory,
    maxConcurrent,
  });
}

/** Runs the workflow to its end in a store of its own; gives the final state and the report as it was written. */
async function answer(input: Input, maxConcurrent?: number) {
  await using folder = await temporaryFolder();
  await using engine = await engineIn(folder.path, maxConcurrent);
  const run = await engine.start(research, input);
  const state = await run.result();
  await engine.close();
  const report = await readFile(join(folder.path, "runs", run.runId, "artifacts", state.report), "utf8");
  return { state, report };
}

/** The quotes of a report that are not in the lines they are cited from, and how many quotes there are. */
async function misquoted(report: string, folder: string) {
  const wrong: string[] = [];
  const citations = [...report.matchAll(/^> (.+)\n>\n> — `(.+):(\d+)(?:-(\d+))?`$/gm)];
  for (const [citation, quote = "", file = "", first, last = first] of citations) {
    const lines = (await readFile(join(folder, file), "utf8"))
      .split("\n")
      .slice(Number(first) - 1, Number(last));
    const source = lines.join(" ").replaceAll(/\s+/g, " ");
    const [, code] = /^(?:`` (.*) ``|`(?=[^`]*`$)(.*)`)$/.exec(quote) ?? [];
    if (!source.includes(code ?? quote) && !source.includes(quote.slice(1, -1))) wrong.push(citation);
  }
  return { wrong, count: citations.length };
}

test("the report answers from the documents, with a section per topic and the sources", async () => {
  const { report, state } = await answer({ question, folder: lighthouse });
  assert.match(report, /^# What happens when the lamp fails in fog\?\n/);
  assert.match(report, /- If the lamp fails at night, hang the reserve lantern .* \(`lamp\.md:16-17`\)/);
  assert.match(report, /## Lamp fails\n\n> If the lamp fails at night/);
  assert.match(report, /## Fog\n\n> In fog the lamp burns by day as well\.\n>\n> — `lamp\.md:8`/);
  assert.match(report, /## Sources\n\n1\. `fog-signal\.md`/);
  assert.doesNotMatch(report, /Not read/);
  assert.deepEqual(state.documents, ["fog-signal.md", "lamp.md", "log/1931.json", "tides.txt"]);
});

test("every citation names lines that hold the quote, also in the manuals of this project", async () => {
  const small = await misquoted((await answer({ question, folder: lighthouse })).report, lighthouse);
  assert.deepEqual(small.wrong, []);
  assert.ok(small.count >= 4);
  const asked = { question: "How does a run survive a crash and replay?", folder: project };
  const { report } = await answer({ ...asked, patterns: ["*.md", "docs/**/*.md"] });
  const large = await misquoted(report, project);
  assert.deepEqual(large.wrong, []);
  assert.ok(large.count >= 4);
});

test("the same question and folder give the same bytes, however many steps run at once", async () => {
  const first = await answer({ question, folder: lighthouse });
  const second = await answer({ question, folder: lighthouse }, 1);
  assert.equal(second.report, first.report);
  assert.deepEqual(second.state, first.state);
});

test("documents that cannot be read are named in the report and fail nothing", async () => {
  await using folder = await temporaryFolder();
  const copy = join(folder.path, "docs");
  await cp(lighthouse, copy, { recursive: true });
  await writeFile(join(copy, "photo.txt"), Uint8Array.of(1, 0, 2));
  await symlink(join(copy, "gone"), join(copy, "dangling.md"));
  const { report, state } = await answer({ question, folder: copy });
  assert.match(
    report,
    /## Not read\n\n- `dangling\.md`: it cannot be read \(ENOENT\)\n- `photo\.txt`: it is no text/,
  );
  assert.match(report, /in 4 documents\./);
  assert.match(report, /`lamp\.md:16-17`/);
  assert.equal(state.unread.length, 2);
});

test("an empty folder fails the run in its first step and says why", async () => {
  await using folder = await temporaryFolder();
  await using engine = await engineIn(folder.path);
  const empty = await mkdtemp(join(folder.path, "empty-"));
  const run = await engine.start(research, { question, folder: empty });
  await assert.rejects(run.result(), (error) => {
    assert.ok(error instanceof StepFailedError);
    return /^0\.plan failed: The folder .* holds no documents\.$/.test(error.message);
  });
});

test("a question without a subject is refused and leaves no run", async () => {
  await using folder = await temporaryFolder();
  await using engine = await engineIn(folder.path);
  await assert.rejects(
    engine.start(research, { question: "What is it?", folder: lighthouse }),
    ValidationError,
  );
  await engine.close();
  assert.deepEqual(await readdir(folder.path), ["agentflow.db"]);
});

test("a run replays to the same bytes when its documents are long gone", async () => {
  await using folder = await temporaryFolder();
  const copy = join(folder.path, "docs");
  await cp(lighthouse, copy, { recursive: true });
  await using engine = await engineIn(folder.path);
  const run = await engine.start(research, { question, folder: copy });
  await run.result();
  await rm(copy, { recursive: true });
  const { matches, steps } = await engine.replay(run.runId, research, { strict: true });
  assert.ok(matches);
  assert.equal(steps, 10);
});
