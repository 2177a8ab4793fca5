import assert from "node:assert/strict";
import { test } from "node:test";
import { append, value, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { fail, succeed } from "../determinism/settle.ts";

let isMended = false;

/** Goes once through a seal that succeeds, then through one whose router throws. */
const routed = workflow("routed", {
  version: "1",
  state: { count: value(0), trail: append<string>(), note: value<string>() },
})
  .start("first", () => ({ count: 1, trail: ["first"] }))
  .node("second", { after: "first" }, () => ({ count: 2, trail: ["second"], note: "changed" }))
  .node("third", {}, () => ({ trail: ["third"] }))
  .route("second", { to: ["third"] }, ({ count, trail }) => {
    if (isMended) return "third";
    throw new Error(`no way on from ${count} and ${trail.join()}`);
  })
  .end("third");

test("a run whose router threw shows the state of its last seal, and its steps count once it is mended", async () => {
  isMended = false;
  await using held = openEngine();
  const run = await held.engine.start(routed, { note: "given" });
  const { error } = await fail(run, held.clock);
  assert.match(error.message, /no way on from 2 and first,second/);
  const { state } = await held.engine.inspect(run.runId);
  assert.deepEqual(state, { count: 1, trail: ["first"], note: "given" });
  isMended = true;
  const again = await held.engine.resume(run.runId, routed);
  assert.deepEqual(await succeed(again, held.clock), {
    count: 2,
    trail: ["first", "second", "third"],
    note: "changed",
  });
});
