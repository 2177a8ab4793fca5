import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runWithAf } from "./run-with-af.ts";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
const documentCount = 400;

async function manyDocuments(folder: string): Promise<void> {
  await mkdir(folder);
  for (let number = 0; number < documentCount; number++) {
    const content = `# Watch ${number}\n\nThe keeper of watch ${number} winds the clockwork at dusk.\n`;
    await writeFile(join(folder, `watch-${String(number).padStart(3, "0")}.md`), content);
  }
}

/** Starts the example as a terminal does, in a process group of its own. */
function startExample(directory: string) {
  const words = ["--docs", join(directory, "docs"), "--question", "Who winds the clockwork?"];
  const child = spawn(process.execPath, [program, ...words], {
    cwd: directory,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, stdout: text(child.stdout), lines: createInterface({ input: child.stderr }) };
}

test("Ctrl-C parks the run and says how to go on; the resumed run writes the same report and keeps what was read", {
  skip: process.platform === "win32" && "Windows has no process groups to signal",
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "interrupted-"));
  try {
    await manyDocuments(join(directory, "docs"));
    const { child, stdout, lines } = startExample(directory);
    const ended = once(child, "close");
    const seen: string[] = [];
    for await (const line of lines) {
      if (seen.length === 0 && /step\.succeeded +1\.read/.test(line))
        process.kill(-(child.pid ?? 0), "SIGINT");
      if (/step\.succeeded +1\.read/.test(line) || line.startsWith("Go on with")) seen.push(line);
    }
    const [exitCode] = await ended;
    assert.equal(exitCode, 130);
    assert.equal(await stdout, "");
    const [, runId = ""] = /^Go on with: af resume (\w+)$/.exec(seen.at(-1) ?? "") ?? [];
    assert.notEqual(runId, "", seen.at(-1));

    process.chdir(directory);
    const resumed = await runWithAf(["resume", runId, "--json", "--quiet"], "");
    const { status, steps, events } = JSON.parse(resumed.output);
    assert.equal(status, "succeeded");
    assert.equal(steps.length, documentCount + 6);
    // One call lists the documents, one reads each, and one asks the model.
    assert.equal(events["io.succeeded"], documentCount + 2);
    const report = (id: string) => readFile(join(directory, "runs", id, "artifacts", "report.md"), "utf8");
    const whole = startExample(directory);
    whole.lines.resume();
    await once(whole.child, "close");
    const [, wholeId = ""] = /^runs\/(\w+)\//.exec(await whole.stdout) ?? [];
    assert.equal(await report(runId), await report(wholeId));
  } finally {
    await rm(directory, { recursive: true });
  }
});
