import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { GraphError, WorkflowFileError } from "@agentflow/core";
import { loadWorkflow, loadWorkflows } from "./load-workflow.ts";

const fixtures = fileURLToPath(new URL("../../../tests/fixtures", import.meta.url));

function refused(
  file: string,
  expected: { code: string; message: RegExp; hint?: RegExp },
  exportName?: string,
): Promise<void> {
  return assert.rejects(loadWorkflow(join(fixtures, file), exportName), (error: unknown) => {
    assert.ok(error instanceof WorkflowFileError, String(error));
    assert.equal(error.code, expected.code);
    assert.match(error.message, expected.message);
    if (expected.hint !== undefined) assert.match(error.hint, expected.hint);
    return true;
  });
}

test("the only workflow of a file is found without its name", async () => {
  const loaded = await loadWorkflow(join(fixtures, "workflows/greet.ts"));
  assert.equal(loaded.workflow.name, "greet");
  assert.equal(loaded.exportName, "greet");
  assert.equal(loaded.file, join(fixtures, "workflows/greet.ts"));
});

test("a file of several workflows gives the one that is named, and asks for a name without", async () => {
  const file = "workflows/several.ts";
  assert.equal((await loadWorkflow(join(fixtures, file), "second")).workflow.name, "second");
  const code = "AF_WORKFLOW_EXPORT";
  await refused(file, { code, message: /several workflows/, hint: /first, second/ });
  await refused(file, { code, message: /third, which does not exist/, hint: /first, note, second/ }, "third");
  await refused(file, { code, message: /note, which is no workflow/ }, "note");
  await refused("broken/no-workflow.ts", { code, message: /exports no workflow/, hint: /answer/ });
});

test("a file that does not compile is refused with its line", async () => {
  const code = "AF_WORKFLOW_FILE_INVALID";
  await refused("broken/syntax.ts", { code, message: /syntax\.ts:1: Expression expected/ });
  await refused("broken/enumeration.ts", { code, message: /enumeration\.ts:2: .*enum is not supported/ });
  await refused("broken/syntax.mjs", { code, message: /syntax\.mjs:3: / });
  await refused("broken/throws.ts", { code, message: /throws\.ts:2: no database here/ });
  await refused("broken/missing-import.ts", { code, message: /missing-import\.ts: Cannot find module/ });
});

test("what is no module, or not there, is refused before anything is loaded", async () => {
  await refused("broken/workflow.txt", { code: "AF_WORKFLOW_FILE_INVALID", message: /no TypeScript/ });
  await refused("broken/gone.ts", { code: "AF_WORKFLOW_FILE_NOT_FOUND", message: /does not exist/ });
  await refused("workflows", { code: "AF_WORKFLOW_FILE_NOT_FOUND", message: /is no file/ });
});

test("a graph that does not check says itself what is wrong", async () => {
  await assert.rejects(loadWorkflow(join(fixtures, "broken/unknown-node.ts")), (error: unknown) => {
    assert.ok(error instanceof GraphError);
    assert.match(error.message, /frist/);
    return true;
  });
});

test("all workflows of a file are loaded, and a file without one is refused", async () => {
  const loaded = await loadWorkflows(join(fixtures, "workflows/several.ts"));
  assert.deepEqual(
    loaded.map(({ workflow, exportName }) => [workflow.name, exportName]),
    [
      ["first", "first"],
      ["second", "second"],
    ],
  );
  await assert.rejects(loadWorkflows(join(fixtures, "broken/no-workflow.ts")), /exports no workflow/);
  await assert.rejects(loadWorkflows(join(fixtures, "missing.ts")), WorkflowFileError);
});
