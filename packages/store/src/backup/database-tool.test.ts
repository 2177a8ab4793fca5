import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { ConfigError, StoreFailedError } from "@agentflow/core";
import { findTool, startTool, toolVersion } from "./database-tool.ts";

function node(script: string, environment: Record<string, string> = {}) {
  return startTool({ program: process.execPath, parameters: ["-e", script], environment });
}

test("the first program that is installed is found, and none is an error that says what to install", () => {
  assert.match(findTool(["no-such-program", "sh"], "a shell"), /sh$/);
  assert.throws(
    () => findTool(["no-such-program", "neither-this"], "the-client-package"),
    (error) =>
      error instanceof ConfigError &&
      error.message.startsWith("no-such-program or neither-this is not installed") &&
      error.hint.includes("the-client-package"),
  );
});

test("a program that fails is an error with the end of what it said, however much that was", async () => {
  const tool = node("console.error('x'.repeat(1e6)); console.error('no such table'); process.exitCode = 3");
  tool.output.resume();
  await assert.rejects(
    tool.ended(),
    (error) =>
      error instanceof StoreFailedError &&
      /ended with 3: .*no such table$/s.test(error.message) &&
      error.message.length < 3_000,
  );
});

test("a program that cannot be started, or is ended, is an error too", async () => {
  const missing = startTool({ program: "/no/such/program", parameters: [], environment: {} });
  await assert.rejects(missing.ended(), StoreFailedError);
  const endless = node("setInterval(() => undefined, 1000)");
  endless.stop();
  await assert.rejects(endless.ended(), /ended with a signal/);
});

test("a program gets its environment and gives its output; one that ends early breaks nobody's pipe", async () => {
  const tool = node("process.stdout.write(process.env.AF_WORD)", { AF_WORD: "hello" });
  assert.equal(await text(tool.output), "hello");
  await tool.ended();
  const deaf = node("process.stdin.destroy()");
  for (let chunk = 0; chunk < 100; chunk++) deaf.input.write("x".repeat(100_000));
  deaf.output.resume();
  await deaf.ended();
});

test("the version of a program is the first line that it prints", async () => {
  assert.equal(await toolVersion(process.execPath), process.version);
});
