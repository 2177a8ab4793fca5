import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { append, createEngine, type RecordEvent, workflow } from "agentflow";
import { fixture, temporaryFolder } from "../cli/spawn-af.ts";
import { service } from "../services.ts";
import { storeNames, temporaryPlace } from "../store-place.ts";
import { uncoveredEnvironment } from "../uncovered-environment.ts";

const program = fixture("../../packages/cli/src/main.ts");
const services = { sqlite: undefined, postgres: "postgres", mysql: "mariadb" } as const;

/** Reads a run in another process from a seq on; calls back with each event, and kills the process when that says so. */
async function readElsewhere(
  url: string,
  from: number,
  onEvent: (event: RecordEvent) => "kill" | undefined,
): Promise<number | null> {
  const words = ["tail", "run", "-f", "--json", "--from", String(from), "--store", url];
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env: uncoveredEnvironment(),
  });
  const ended = once(child, "close");
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (child.killed) return;
    if (onEvent(JSON.parse(line) as RecordEvent) === "kill") child.kill("SIGKILL");
  });
  const [code] = (await ended) as [number | null];
  return code;
}

for (const store of storeNames) {
  const name = services[store];
  const needed = name === undefined ? {} : await service(name);
  test(
    `${store}: a reader in another process, which is killed and comes back again and again, has every event once`,
    needed,
    async (context) => {
      const place = await temporaryPlace(store, temporaryFolder(context));
      context.after(() => place.drop());
      const gate = Promise.withResolvers<void>();
      const gated = workflow("gated", { version: "1", state: { said: append<string>() } })
        .start("before", () => ({ said: ["before"] }))
        .map("wait", { after: "before", over: () => [1, 2, 3] }, async (_item, ctx) => {
          await ctx.io("wait", null, () => gate.promise);
          return { said: [ctx.stepId] };
        })
        .end("wait");
      await using engine = await createEngine({ store: place.url });
      const run = await engine.start(gated, {}, { id: "run" });
      const seen: RecordEvent[] = [];
      const goesOn = (killAt: number) => (event: RecordEvent) => {
        seen.push(event);
        return seen.length === killAt ? ("kill" as const) : undefined;
      };
      assert.equal(await readElsewhere(place.url, 1, goesOn(2)), null);
      const rest = readElsewhere(place.url, 3, (event) => {
        // What is there is read; what follows is still to come.
        if (seen.push(event) === 3) gate.resolve();
        return undefined;
      });
      await run.result();
      assert.equal(await rest, 0);
      const whole = await Array.fromAsync(run.events({ modes: ["events"] }));
      assert.deepEqual(seen, whole);
      assert.ok(whole.length > 8);
    },
  );
}
