import assert from "node:assert/strict";
import { test } from "node:test";
import { append, nested, value, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { rowsOf } from "../determinism/recorded-run.ts";
import { fail, succeed, turns } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "./embedded-store.ts";

interface Told {
  readonly aborted: unknown[];
  readonly finished: string[];
  isMended: boolean;
}

const item = ["slow", "bad", "slower", "asks"] as const;

/** Four steps side by side, of which one fails while two work; one of those is a nested workflow. */
function sideBySide(siblings: "finish" | "abort", where: "workflow" | "node", told: Told) {
  const working = (name: string, ctx: Parameters<Parameters<typeof child.start>[1]>[1]): Promise<string> =>
    ctx.io(name, null, (_input, { signal }) => {
      if (told.isMended) return name;
      return new Promise<string>((resolve, reject) => {
        signal.addEventListener("abort", () => {
          told.aborted.push([name, (signal.reason as Error).name]);
          reject(signal.reason);
        });
        void turns(30).then(() => resolve(name));
      });
    });
  const child = workflow("child", { version: "1", state: { said: append<string>() } });
  const slow = child
    .start("before", () => ({ said: ["before"] }))
    .node("work", { after: "before" }, async (_state, ctx) => {
      const said = await working("nested", ctx);
      told.finished.push(said);
      return { said: [said] };
    })
    .end("work");
  const options = where === "workflow" ? { siblings } : {};
  const policy = where === "node" ? { siblings } : {};
  return workflow("side-by-side", {
    version: "1",
    state: { said: append<string>(), x: value(0) },
    ...options,
  })
    .start("fork", () => ({}))
    .node(
      "nest",
      { after: "fork" },
      nested(slow, { input: () => ({}), output: ({ said }) => ({ said: [...said] }) }),
    )
    .map(
      "each",
      { after: "fork", over: () => item },
      async (name, ctx) => {
        if (name === "asks") await ctx.sleep("long", told.isMended ? 0 : 60_000);
        if (name === "bad") {
          await ctx.io("bad", null, () => turns(10));
          if (!told.isMended) throw new Error("no");
          return { said: [name] };
        }
        const said = name === "asks" ? name : await working(name, ctx);
        told.finished.push(said);
        return { said: [said] };
      },
      policy,
    )
    .node("end", { after: ["nest", "each"] }, () => ({ x: 1 }))
    .end("end");
}

for (const name of embeddedStores) {
  for (const where of ["workflow", "node"] as const) {
    test(`${name}: siblings of a failed step are told to stop and end as cancelled, by the ${where} (S11)`, async (context) => {
      const [backend] = await openProcesses(context, name, 1);
      await using held = openEngine({ backend });
      const told: Told = { aborted: [], finished: [], isMended: false };
      const graph = sideBySide("abort", where, told);
      const run = await held.engine.start(graph, {});
      const { error, others } = await fail(run, held.clock);
      assert.match(error.message, /1\.each\[1\] failed: no/);
      assert.deepEqual(others, []);
      assert.deepEqual(told, {
        aborted: [
          ["nested", "CancelledError"],
          ["slow", "CancelledError"],
          ["slower", "CancelledError"],
        ],
        finished: [],
        isMended: false,
      });
      const ended = (await rowsOf(held.backend, run.runId)).flatMap((record) =>
        record.kind === "attempt"
          ? [`${record.row.scope}/${record.row.node}[${record.row.item}] ${record.row.outcome}`]
          : [],
      );
      assert.deepEqual(ended, [
        "/each[1] failed",
        "1.nest/work[-1] cancelled",
        "/nest[-1] cancelled",
        "/each[0] cancelled",
        "/each[2] cancelled",
      ]);
      assert.deepEqual((await held.engine.replay(run.runId, graph)).divergence, undefined);
      told.isMended = true;
      const again = await held.engine.resume(run.runId, graph);
      const { said } = await succeed(again, held.clock);
      assert.deepEqual(said, ["before", "nested", "slow", "bad", "slower", "asks"]);
      assert.equal((await held.engine.replay(run.runId, graph)).matches, true);
    });
  }

  test(`${name}: without it siblings finish and stay staged (S11)`, async (context) => {
    const [backend] = await openProcesses(context, name, 1);
    await using held = openEngine({ backend });
    const told: Told = { aborted: [], finished: [], isMended: false };
    const run = await held.engine.start(sideBySide("finish", "workflow", told), {});
    await fail(run, held.clock);
    assert.deepEqual([told.aborted, told.finished.sort()], [[], ["nested", "slow", "slower"]]);
  });
}

test("who takes over a scope that has failed starts nothing new in it, and lists every failure (S11)", async () => {
  const first = openEngine();
  const { owners } = first.backend;
  const executed: string[] = [];
  const graph = workflow("graph", { version: "1", state: { x: value(0) } })
    .start("fork", () => ({}))
    .map("each", { after: "fork", over: () => ["slow", "bad", "worse"] }, async (name, ctx) => {
      executed.push(name);
      if (name === "slow") await ctx.io(name, null, () => new Promise(() => undefined));
      else await ctx.io(name, null, () => Promise.reject(new Error(name)));
    })
    .end("each");
  const { runId } = await first.engine.start(graph, {});
  await turns(40);
  owners.readOwner = async () => undefined;
  await using next = openEngine({ backend: first.backend, host: { pid: 77 } });
  const { failure, others } = await fail(await next.engine.resume(runId, graph), next.clock);
  assert.deepEqual(executed, ["slow", "bad", "worse"]);
  assert.match(failure.message, /1\.each\[1\] failed: bad/);
  assert.deepEqual(
    others.map(({ message }) => message),
    ["1.each[2] failed: worse"],
  );
});
