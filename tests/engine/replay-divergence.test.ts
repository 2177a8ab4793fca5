import assert from "node:assert/strict";
import { test } from "node:test";
import { nested, ReplayMismatchError, value, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { succeed } from "../determinism/settle.ts";

const child = workflow("child", { version: "1", state: { x: value(0) } })
  .start("one", () => ({ x: 1 }))
  .end("one");

function parent(change: { input?: () => object; output?: () => object; node?: () => object } = {}) {
  return workflow("parent", { version: "1", state: { x: value<unknown>(0), y: value<unknown>(0) } })
    .start(
      "inner",
      nested(child, {
        input: (change.input ?? (() => ({}))) as () => { x?: number },
        output: (change.output ?? (() => ({ x: 1 }))) as () => { x: unknown },
      }),
    )
    .node("last", { after: "inner" }, (change.node ?? (() => ({ y: 1 }))) as () => { y: unknown })
    .end("last");
}

const fails = (): never => {
  throw new Error("changed");
};

for (const [what, change] of Object.entries({
  "an input that throws": { input: fails },
  "an input of an unknown field": { input: () => ({ z: 1 }) },
  "an output that throws": { output: fails },
  "an output that is no JSON": { output: () => ({ x: new Map() }) },
  "a delta of an unknown field": { node: () => ({ z: 1 }) },
  "a delta that is no JSON": { node: () => ({ y: () => 1 }) },
})) {
  test(`${what} is a divergence of its step`, async () => {
    await using held = openEngine();
    const run = await held.engine.start(parent(), {});
    await succeed(run, held.clock);
    const step = "node" in change ? "1.last" : "0.inner";
    const report = await held.engine.replay(run.runId, parent(change));
    assert.equal(report.divergence?.stepId, step);
    await assert.rejects(
      held.engine.replay(run.runId, parent(change), { strict: true }),
      ReplayMismatchError,
    );
  });
}
