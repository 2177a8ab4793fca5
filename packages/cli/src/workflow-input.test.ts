import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { AgentFlowError } from "@agentflow/core";
import type { Session } from "./session.ts";
import { readWorkflowInput } from "./workflow-input.ts";

function session(input: string): Session {
  const directory = fileURLToPath(new URL("..", import.meta.url));
  return { directory, environment: {}, readStandardInput: async () => input } as unknown as Session;
}

function refused(given: string, code: string): Promise<void> {
  return assert.rejects(readWorkflowInput(given, session("")), (error: unknown) => {
    assert.ok(error instanceof AgentFlowError);
    assert.equal(error.code, code);
    return true;
  });
}

test("input comes as JSON, from a file, from standard input, or is empty", async () => {
  assert.deepEqual(await readWorkflowInput('{"a": [1]}', session("")), { a: [1] });
  assert.deepEqual(await readWorkflowInput("-", session('"text"')), "text");
  assert.deepEqual(await readWorkflowInput(undefined, session("")), {});
  const manifest = await readWorkflowInput("@package.json", session(""));
  assert.equal((manifest as { name: string }).name, "@agentflow/cli");
});

test("what is no JSON, no file, or nothing is refused", async () => {
  await refused("{a: 1}", "AF_JSON_INVALID");
  await refused("-", "AF_JSON_INVALID");
  await refused("@gone.json", "AF_INPUT_INVALID");
  await refused("", "AF_USAGE");
});
