import assert from "node:assert/strict";
import { test } from "node:test";
import { type Emitter, type RecordEvent, sum, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { eventsOfRun } from "../determinism/recorded-run.ts";
import { turns } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "./embedded-store.ts";

function loop(steps: number, text = "") {
  return workflow("loop", { version: "1", state: { count: sum() } })
    .start("turn", async (_state, ctx) => {
      await ctx.io("note", ctx.stepId, () => text);
      return { count: 1 };
    })
    .route("turn", { to: ["turn"] }, ({ count }) => (count < steps ? "turn" : []))
    .end("turn");
}

/** Keeps what it is given; fails, or does not answer, while told to. */
function emitterOf(name: string, how: { mode: "takes" | "fails" | "waits" }) {
  const seqs: number[] = [];
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const emitter: Emitter = {
    name,
    emit: (events: readonly RecordEvent[]) => {
      if (how.mode === "fails") throw new Error(`${name} is broken`);
      const take = (): void => void seqs.push(...events.map(({ seq }) => seq));
      if (how.mode === "takes") return take();
      return opened.then(take);
    },
  };
  return { emitter, seqs, open: () => open() };
}

const upTo = (head: number): number[] => Array.from({ length: head }, (_, index) => index + 1);

for (const name of embeddedStores) {
  test(`${name}: an emitter that fails for a while has every event once, and the others have none twice (S7)`, async (context) => {
    const [backend] = await openProcesses(context, name, 1);
    const how: { mode: "takes" | "fails" } = { mode: "fails" };
    const good = emitterOf("good", { mode: "takes" });
    const bad = emitterOf("bad", how);
    const held = openEngine({ backend, emitters: [good.emitter, bad.emitter] });
    const run = await held.engine.start(loop(20), {});
    await run.result();
    how.mode = "takes";
    await held.engine.close();
    await using reader = openEngine({ backend });
    const head = (await eventsOfRun(reader.engine, run.runId)).length;
    assert.deepEqual(good.seqs, upTo(head));
    assert.deepEqual(bad.seqs, upTo(head));
  });

  for (const [what, steps, text] of [
    ["events", 1_500, ""],
    ["characters", 1_300, "x".repeat(3_900)],
  ] as const) {
    test(`${name}: an emitter that does not answer is served from the store beyond the ${what} that its queue holds`, async (context) => {
      const [backend] = await openProcesses(context, name, 1);
      const slow = emitterOf("slow", { mode: "waits" });
      const good = emitterOf("good", { mode: "takes" });
      const held = openEngine({ backend, emitters: [slow.emitter, good.emitter] });
      let reads = 0;
      const read = held.backend.runs.readRecords.bind(held.backend.runs);
      held.backend.runs.readRecords = (request) => {
        reads++;
        return read(request);
      };
      const run = await held.engine.start(loop(steps, text), {});
      await run.result();
      assert.equal(reads, 0, "nothing is read while it does not answer");
      slow.open();
      await held.engine.close();
      assert.ok(reads > 0, "what did not fit is read from the store");
      await using reader = openEngine({ backend });
      const head = (await eventsOfRun(reader.engine, run.runId)).length;
      assert.deepEqual(slow.seqs, upTo(head));
      assert.deepEqual(good.seqs, upTo(head));
    });
  }
}

test("an emitter that always fails costs a bounded number of rows per commit", async () => {
  const bad = emitterOf("bad", { mode: "fails" });
  await using held = openEngine({ emitters: [bad.emitter] });
  let rows = 0;
  const read = held.backend.runs.readRecords.bind(held.backend.runs);
  held.backend.runs.readRecords = async (request) => {
    const found = await read(request);
    rows += found.length;
    return found;
  };
  const run = await held.engine.start(loop(400), {});
  await run.result();
  await turns();
  const { seq } = (await held.backend.runs.readHead("default", run.runId)) ?? { seq: 0 };
  assert.ok(rows <= 20 * seq, `${rows} rows were read for ${seq} commits`);
});
