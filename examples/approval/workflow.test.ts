import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "agentflow";
import { assertEffects, assertReplays, testEngine, testRun } from "agentflow/testing";
import { notice } from "./workflow.ts";

const io = { publish: null };

test("a notice is edited, asked about again, approved and published once", async () => {
  await using engine = testEngine({ io });
  const run = await engine.start(notice, { topic: "library" });
  const asked = async () => (await run.questions()).map(({ payload }) => payload);
  assert.deepEqual(await asked(), [{ text: "The library is closed on Monday." }]);
  await assert.rejects(run.answer("review", 7), ValidationError);
  await run.answer("review", { edit: "Open on Tuesday." });
  assert.deepEqual(await asked(), [{ text: "Open on Tuesday." }]);
  await run.answer("review", true, { by: "ada" });
  const ended = await run.report();
  assert.deepEqual(ended.result.log, ["drafted", "edited", "approved", "published"]);
  assertEffects(ended, [["publish", "Open on Tuesday."]]);
  await assertReplays(ended);
});

test("a notice that nobody approves within two days is dropped", async () => {
  const run = await testRun(notice, { topic: "library" }, { io });
  assert.deepEqual(run.result.log, ["drafted", "dropped"]);
  assert.equal(run.elapsedMs, 2 * 86_400_000);
  await using engine = testEngine({ io });
  const stepped = await engine.start(notice, { topic: "library" });
  await engine.advance("3d");
  assert.deepEqual((await stepped.report()).result.log, ["drafted", "dropped"]);
});
