import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { splitMarkdown } from "../rules/markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { blocks } = splitMarkdown(readFileSync(join(root, "docs/quickstart.md"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "agentflow-quickstart-"));
const options = { skip: process.platform === "win32" ? "the page prints commands of a POSIX shell" : false };

after(() => rmSync(folder, { recursive: true, force: true }));

// The npm that runs the tests tells its children where its own project is; this folder is another one.
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_TEST|NODE_V8|AF_)/i.test(name));
  const path = `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`;
  return { ...Object.fromEntries(own), PATH: path, NO_COLOR: "1", npm_config_loglevel: "error" };
}

/** The lines of the one shell block that holds this text. */
function commands(text: string): string[] {
  const found = blocks.filter((block) => block.language === "sh" && block.text.includes(text));
  assert.equal(found.length, 1, `one block has ${text}`);
  return found[0]?.text.split("\n") ?? [];
}

function shell(command: string, code = 0): string {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    env: environment(),
    encoding: "utf8",
  });
  assert.equal(status, code, `${command}\n${stdout}\n${stderr}`);
  return `${stdout}${stderr}`;
}

function save(name: string, text: string): void {
  const block = blocks.find((each) => each.language === "ts" && each.text.includes(text));
  writeFileSync(join(folder, name), block?.text ?? "");
}

symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');

test("the first workflow runs, is looked at and replays as the quickstart prints", options, () => {
  save("hello.ts", "export const hello");
  const [run = ""] = commands("npx af run hello.ts");
  assert.match(shell(run), /"letter": "letter.txt"/);
  for (const command of commands("npx af show first")) {
    const printed = shell(command);
    if (command.startsWith("cat")) assert.equal(printed, "Hello, Ada.\nHello, Grace.\n");
  }
  const [replay = ""] = commands("npx af replay first");
  assert.match(shell(replay), /Replay matches, 4 steps: the same bytes\./);
  const text = readFileSync(join(folder, "hello.ts"), "utf8");
  writeFileSync(join(folder, "hello.ts"), text.replace("Hello", "Hi"));
  assert.match(shell(replay), /Replay matches, 4 steps: the same bytes\./);
  writeFileSync(join(folder, "hello.ts"), text.replace("name.trim()", "name"));
  const shown = blocks.find((block) => block.text.startsWith("Replay diverges"));
  const printed = shell(replay, 1);
  for (const line of shown?.text.split("\n") ?? ["a block that shows it"])
    assert.ok(printed.includes(line), printed);
});

test("a killed run goes on as the quickstart prints", options, async () => {
  save("slow.ts", "export const slow");
  const [run = ""] = commands("npx af run slow.ts");
  const child = spawn("sh", ["-c", run], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const closed = once(child, "close");
  const { promise: seen, resolve } = Promise.withResolvers<void>();
  let progress = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    progress += text;
    if (progress.includes("step.succeeded  1.work[1]")) resolve();
  });
  await Promise.race([seen, closed]);
  const group = -(child.pid ?? Number.NaN);
  try {
    // Stopped, the run cannot end before its owner is known, however slow this machine is.
    process.kill(group, "SIGSTOP");
    const [why = ""] = commands("npx af why killed");
    process.kill(Number(/process (\d+) on/.exec(shell(why))?.[1]), "SIGKILL");
  } finally {
    process.kill(group, "SIGKILL");
  }
  await closed;
  const [resume = "", show = ""] = commands("npx af resume killed");
  assert.match(shell(resume), /skipped +\d committed steps: 0\.plan, 1\.work\[0\], 1\.work\[1\]/);
  const effects = shell(show).trim().split("\n");
  assert.deepEqual([...new Set(effects)], ["0", "1", "2", "3", "4", "5"]);
  assert.ok(effects.length <= 7, `only the call at the kill may be made twice: ${effects.join()}`);
});

test("the program of the quickstart runs with the Node that the page names", options, () => {
  save("double.ts", "const double");
  assert.equal(shell("npx node double.ts"), "42\n");
});
