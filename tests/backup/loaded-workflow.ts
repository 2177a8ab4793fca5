import { append, value, workflow } from "@agentflow/core";

/** Holds runs up. */
export interface Gate {
  /** Resolves when it is open. */
  pass(): Promise<void>;
  /** Resolves when the first run waits. */
  readonly reached: Promise<void>;
  open(): void;
}

/** A gate that is closed. */
export function closedGate(): Gate {
  const opened = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  return {
    pass() {
      reached.resolve();
      return opened.promise;
    },
    reached: reached.promise,
    open: () => opened.resolve(),
  };
}

/** A workflow with calls, chance, time, fan-out and a file; its runs with `held` wait at a gate on their way. */
export function loadedWorkflow(gate: Gate) {
  return workflow("loaded", {
    version: "1",
    state: { n: value<number>(), held: value(false), parts: append<number>(), note: value("") },
  })
    .start("draw", async ({ n }, ctx) => {
      const drawn = await ctx.io("draw", { n }, async () => Math.floor(Math.random() * 1_000));
      return { parts: [drawn, ctx.rng.next()] };
    })
    .map("work", { after: "draw", over: ({ n }) => [n, n + 1, n + 2] }, async (item, ctx) => ({
      parts: [await ctx.io("work", { item }, async ({ item }) => item * 2)],
    }))
    .node("wait", { after: "work" }, async ({ held }, ctx) => {
      await ctx.io("gate", {}, async () => {
        if (held) await gate.pass();
        return null;
      });
      return {};
    })
    .node("write", { after: "wait" }, async ({ n }, ctx) => {
      const { path } = await ctx.safeWrite(`note-${n}.txt`, `note ${n} `.repeat(50));
      return { note: path };
    })
    .end("write");
}
