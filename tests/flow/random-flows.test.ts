import assert from "node:assert/strict";
import { test } from "node:test";
import { type FakeClock, FakeHost, FakeProcesses, FaultyStore } from "@agentflow/contracts";
import { type FlowContext, flow, type Json, type Workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { memoryArtifacts, openMemory } from "@agentflow/store";
import fc from "fast-check";
import { openEngine } from "../determinism/open-engine.ts";
import { passTime, settle } from "../determinism/settle.ts";

/** What a random flow does. Its result does not depend on which of its calls is faster. */
type Plan =
  | { readonly kind: "step"; readonly input: number; readonly fails: number; readonly delayMs: number }
  | { readonly kind: "map"; readonly items: readonly number[]; readonly concurrency: number }
  | { readonly kind: "sleep"; readonly delayMs: number }
  | { readonly kind: "io"; readonly input: number }
  | { readonly kind: "race"; readonly quickMs: number }
  | { readonly kind: "caught"; readonly input: number }
  | { readonly kind: "all" | "sequence" | "nested"; readonly parts: readonly Plan[] };

const leaf: fc.Arbitrary<Plan> = fc.oneof(
  fc.record({
    kind: fc.constant("step" as const),
    input: fc.nat(3),
    fails: fc.nat(1),
    delayMs: fc.constantFrom(0, 5, 10),
  }),
  fc.record({
    kind: fc.constant("map" as const),
    items: fc.array(fc.nat(5), { maxLength: 4 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant("sleep" as const), delayMs: fc.constantFrom(1, 5, 20) }),
  fc.record({ kind: fc.constant("io" as const), input: fc.nat(2) }),
  fc.record({ kind: fc.constant("race" as const), quickMs: fc.constantFrom(0, 10) }),
  fc.record({ kind: fc.constant("caught" as const), input: fc.nat(2) }),
);

const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom("all" as const, "sequence" as const, "nested" as const),
      parts: fc.array(tie("plan"), { minLength: 1, maxLength: 4 }),
    }),
  ),
}));

function pause(clock: FakeClock, delayMs: number): Promise<null> {
  return new Promise((resolve) => clock.setTimer(delayMs, () => resolve(null)));
}

async function follow(part: Plan, ctx: FlowContext, clock: FakeClock): Promise<Json> {
  switch (part.kind) {
    case "step":
      return ctx.step(
        "step",
        part.input,
        async (input, step) => {
          if (part.delayMs > 0) await step.io("pause", null, () => pause(clock, part.delayMs));
          if (step.attempt <= part.fails) throw new Error("again");
          return step.io("effect", input, (given) => given + 1);
        },
        { retry: { attemptsMax: 3, backoffMs: 5, retryIf: () => true } },
      );
    case "map":
      return ctx.map("item", part.items, (item) => item * 2, { concurrency: part.concurrency });
    case "sleep":
      await ctx.sleep("sleep", part.delayMs);
      return "slept";
    case "io":
      return ctx.io("io", part.input, (input) => input);
    case "race":
      return Promise.race([
        ctx.step("slow", null, (_null, step) => step.sleep("long", 100_000).then(() => "slow")),
        ctx.step("quick", part.quickMs, async (ms, step) => {
          await step.io("pause", ms, (given) => pause(clock, given));
          return "quick";
        }),
      ]);
    case "caught":
      return ctx
        .step("broken", part.input, (): number => {
          throw new Error("broken");
        })
        .catch((error: Error) => error.message.replace(/\d+\./g, ""));
    case "sequence": {
      const results: Json[] = [];
      for (const one of part.parts) results.push(await follow(one, ctx, clock));
      return results;
    }
    case "all":
      return Promise.all(part.parts.map((one) => follow(one, ctx, clock)));
    case "nested": {
      const child = flow("nested", { version: "1" }, (_input: Json, inner) =>
        follow({ kind: "sequence", parts: part.parts }, inner, clock),
      );
      return ctx.run(child, null);
    }
  }
}

function planned(whole: Plan, clock: FakeClock): Workflow {
  return flow("planned", { version: "1" }, (_input: Json, ctx) =>
    follow(whole, ctx, clock),
  ) as unknown as Workflow;
}

test("a random flow gives the same result, and replays, after crashes at any of its commits (ENG-53, ENG-22)", async () => {
  const property = fc.asyncProperty(
    plan,
    fc.infiniteStream(fc.integer({ min: 1, max: 12 })),
    async (whole, crashes) => {
      const plain = openEngine();
      const undisturbed = await plain.engine.start(planned(whole, plain.clock), {});
      const expected = await settle(undisturbed, plain.clock);
      await plain.engine.close();
      assert.equal(expected.status, "succeeded");

      const backend = openMemory();
      const { clock } = openEngine();
      const processes = new FakeProcesses();
      const workflow = planned(whole, clock);
      const runId = "run";
      for (let pid = 100; ; pid++) {
        const host = new FakeHost({ processes, pid });
        const crash = pid > 140 ? undefined : crashes.next().value;
        const faults =
          crash === undefined ? [] : [{ call: crash, kind: "crashAfter", method: "commit" } as const];
        const store = new FaultyStore(backend, faults);
        const engine = new Engine({ backend: store, clock, host, artifacts: memoryArtifacts() });
        const isThere = (await backend.runs.readHead("default", runId)) !== undefined;
        const ended = (async () => {
          const run = isThere
            ? await engine.resume(runId, workflow)
            : await engine.start(workflow, {}, { id: runId });
          return run.settled();
        })();
        const crashed = store.crashed.then(() => undefined);
        const outcome = await passTime(Promise.race([ended, crashed]), clock);
        if (outcome === undefined) {
          host.die();
          continue;
        }
        assert.deepEqual(outcome, expected);
        const { divergence } = await engine.replay(runId, workflow);
        assert.equal(divergence, undefined);
        await engine.close();
        return;
      }
    },
  );
  await fc.assert(property, { numRuns: 60 });
});
