import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEngine, loadWorkflow } from "@agentflow/runtime";
import { uncoveredEnvironment } from "../uncovered-environment.ts";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const program = fixture("../../packages/cli/src/main.ts");

const letter = `import { append, interrupt, value, workflow } from "agentflow";
const sign = interrupt("sign");
export const letter = workflow("letter", {
  version: "1",
  state: { name: value<string>(), lines: append<string>() },
})
  .start("greet", async ({ name }, ctx) => {
    const word = await ctx.io("word", name, async () => "Dear", { effect: true });
    return { lines: [\`\${word} \${name} \${ctx.rng.integer(1, 1_000)}\`] };
  })
  .node("sign", { after: "greet" }, async (_state, ctx) => {
    const news = await ctx.waitFor("news");
    return { lines: [\`\${news} \${await ctx.interrupt(sign, "who?")}\`] };
  })
  .end("sign");
`;

/** A folder in which a run has ended, made of a workflow file of its own. */
async function written(context: TestContext): Promise<string> {
  const cwd = temporaryFolder(context);
  mkdirSync(join(cwd, "node_modules"));
  const installed = fileURLToPath(new URL("../../packages/agentflow", import.meta.url));
  symlinkSync(installed, join(cwd, "node_modules/agentflow"), "junction");
  writeFileSync(join(cwd, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(cwd, "letter.ts"), letter);
  const file = join(cwd, "letter.ts");
  const { workflow } = await loadWorkflow(file);
  await using engine = await createEngine({ store: `sqlite:${join(cwd, ".agentflow/agentflow.db")}` });
  const labels = { file, export: "letter" };
  const run = await engine.start(workflow, { name: "Ada" } as never, { id: "one", labels });
  await engine.signal("one", "news", "All is well");
  await run.settled();
  await (await engine.resume("one", workflow)).settled();
  await engine.answer("one", "1.sign#sign[0]", "Bob");
  await (await engine.resume("one", workflow)).result();
  return cwd;
}

test("af backtest ends with 1 for code under which a run would break, and names the step", async (context) => {
  const cwd = await written(context);
  const same = await af(["backtest", "letter.ts"], { cwd });
  assert.equal(same.code, 0, same.stderr);
  assert.match(same.stdout, /^same {2}one/);
  writeFileSync(join(cwd, "next.ts"), letter.replace("word} ", "word}, "));
  const words = ["backtest", "next.ts", "--runs", "finished"];
  const broken = await af(words, { cwd });
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^diverges {2}one.*\n {2}at step 0\.greet, in delta\.lines\n/);
  assert.match(broken.stderr, /1 run of letter, 1 would break/);
  const told = JSON.parse((await af([...words, "--json"], { cwd })).stdout) as { broken: number };
  assert.equal(told.broken, 1);
  const open = await af(["backtest", "next.ts", "--runs", "open"], { cwd });
  assert.deepEqual([open.code, open.stdout], [0, ""]);
  assert.equal((await af(["backtest", "letter.ts", "--runs", "nobody"], { cwd })).code, 5);
});

test("af fixture turns a run into a test that passes, and that fails for other code", async (context) => {
  const cwd = await written(context);
  const made = await af(["fixture", "one", "--out", "one.test.ts"], { cwd });
  assert.equal(made.code, 0, `${made.stdout}${made.stderr}`);
  assert.match(made.stderr, /It passes: node --test one\.test\.ts/);
  assert.match(readFileSync(join(cwd, "one.test.ts"), "utf8"), /"All is well Bob"/);
  const again = await af(["fixture", "one", "--out", "one.test.ts"], { cwd });
  assert.equal(again.code, 2);
  writeFileSync(join(cwd, "letter.ts"), letter.replace("word} ", "word}, "));
  const changed = await af(["fixture", "one", "--out", "one.test.ts", "--force", "--json"], { cwd });
  assert.equal(changed.code, 1);
  assert.equal((JSON.parse(changed.stdout) as { passes: boolean }).passes, false);
});

/** Speaks the inspector's protocol with a process until it has stopped once; returns where. */
async function stopOnce(url: string): Promise<string> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  const { promise, resolve } = Promise.withResolvers<string>();
  const send = (id: number, method: string): void => socket.send(JSON.stringify({ id, method }));
  socket.addEventListener("message", ({ data }) => {
    const { method, params } = JSON.parse(String(data)) as {
      method?: string;
      params?: { callFrames: { functionName: string }[] };
    };
    if (method !== "Debugger.paused") return;
    resolve(params?.callFrames.map((frame) => frame.functionName).join(" ") ?? "");
    send(9, "Debugger.disable");
    socket.close();
  });
  send(1, "Runtime.enable");
  send(2, "Debugger.enable");
  send(3, "Runtime.runIfWaitingForDebugger");
  return promise;
}

test("af debug executes one step on its journal, and stops in a debugger in front of it", async (context) => {
  const cwd = await written(context);
  const told = await af(["debug", "one", "--step", "0.greet"], { cwd });
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /^step 0\.greet, attempt 1\n {2}io word: "Dear"\n {2}recorded {2}succeeded/);
  assert.equal((await af(["debug", "one"], { cwd })).code, 2);
  assert.equal((await af(["debug", "one", "--step", "0.greed"], { cwd })).code, 3);
  const child = spawn(process.execPath, [program, "debug", "one", "--step", "0.greet", "--inspect", "0"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: uncoveredEnvironment(),
  });
  context.after(() => child.kill("SIGKILL"));
  const ended = once(child, "close");
  let stopped: Promise<string> | undefined;
  createInterface({ input: child.stderr }).on("line", (line) => {
    const [url] = /ws:\S+/.exec(line) ?? [];
    if (url !== undefined) stopped ??= stopOnce(url);
  });
  assert.deepEqual((await ended)[0], 0);
  assert.match((await stopped) ?? "", / executed debugStep$/);
});
