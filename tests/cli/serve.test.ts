import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { af, type Ended, fixture, temporaryFolder } from "./spawn-af.ts";

const tick = fixture("workflows/tick.ts");
const steady = fixture("workflows/steady.ts");
const several = fixture("workflows/several.ts");

interface Line {
  readonly type: string;
  readonly runId?: string;
}

/** A server, and what it has said. */
interface Server {
  readonly lines: () => readonly Line[];
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

/** Starts a server that ends with the test at the latest; resolves once it serves. */
async function startServer(
  { context, cwd }: { readonly context: TestContext; readonly cwd: string },
  words: readonly string[],
  env = {},
): Promise<Server> {
  let said = "";
  let signal: Server["signal"] | undefined;
  const { promise: isReady, resolve } = Promise.withResolvers<void>();
  const ended = af(["serve", ...words, "--json"], {
    cwd,
    env,
    onOutput(stdout, send) {
      said = stdout;
      signal = send;
      resolve();
    },
  });
  context.after(async () => {
    signal?.("SIGKILL");
    await ended;
  });
  await Promise.race([isReady, ended]);
  const lines = (): readonly Line[] => linesOf(said.slice(0, said.lastIndexOf("\n") + 1));
  assert.equal(lines()[0]?.type, "serve.ready");
  assert.ok(signal !== undefined);
  return { lines, signal, ended };
}

function linesOf(stdout: string): Line[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(20);
}

function count(server: Server, type: string): number {
  return server.lines().filter((line) => line.type === type).length;
}

/** It told these in this order; an earlier process' last events, which it may not have told for sure, come again. */
function assertTold(lines: readonly Line[], wanted: readonly string[]): void {
  assert.deepEqual(
    lines.map(({ type }) => type).filter((type) => wanted.includes(type)),
    wanted,
  );
}

/** Lines of a file, none if it is not there. */
function noted(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
}

async function json(cwd: string, ...words: string[]) {
  const ended = await af([...words, "--json"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return JSON.parse(ended.stdout);
}

test("of two servers one is killed: every time of a schedule has one run all the same", async (context) => {
  const cwd = temporaryFolder(context);
  const file = join(cwd, "noted");
  const input = ["--input", JSON.stringify({ file })];
  const pattern = ["--cron", "* * * * * *", "--missed", "all"];
  await json(cwd, "schedules", "add", "each-second", tick, ...pattern, ...input);
  const [doomed, other] = await Promise.all([
    startServer({ context, cwd }, [tick]),
    startServer({ context, cwd }, [tick]),
  ]);
  await until(() => count(doomed, "run.succeeded") + count(other, "run.succeeded") >= 2);
  doomed.signal("SIGKILL");
  await doomed.ended;
  const before = count(other, "run.succeeded");
  await until(() => count(other, "run.succeeded") >= before + 2);
  other.signal("SIGTERM");
  assert.equal((await other.ended).code, 0);
  const last = await af(["serve", tick, "--until-idle", "--json"], { cwd });
  assert.equal(last.code, 0, last.stderr);

  const runs: { runId: string; status: string }[] = await json(cwd, "runs", "--limit", "1000");
  assert.ok(runs.every(({ status }) => status === "succeeded"));
  const seconds = runs.map(({ runId }) => secondOf(runId)).sort((a, b) => a - b);
  assert.deepEqual(
    seconds,
    seconds.map((_, index) => (seconds[0] ?? 0) + index),
  );
  const keys = noted(file);
  assert.equal(new Set(keys).size, runs.length);
  const recovered = [...other.lines(), ...linesOf(last.stdout)].filter(
    ({ type }) => type === "run.recovered",
  );
  assert.ok(keys.length <= runs.length + recovered.length);
});

/** `each-second-2026-01-01T090000.000Z`: its second since the epoch. */
function secondOf(runId: string): number {
  const [, date, hours, minutes, seconds] = /^each-second-(\S{10})T(..)(..)(..)\.000Z$/.exec(runId) ?? [];
  return Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`) / 1_000;
}

test("what a killed process executed a server goes on with, and what that gives back another one", async (context) => {
  const cwd = temporaryFolder(context);
  const file = join(cwd, "noted");
  const hangs = { HANGS: "1" };
  const run = ["run", tick, "--input", JSON.stringify({ file }), "--run-id", "r"];
  const killed = await af(run, {
    cwd,
    env: hangs,
    onProgress: async (_stderr, signal) => {
      await until(() => noted(file).length === 1);
      signal("SIGKILL");
    },
  });
  assert.equal(killed.code, null);
  const second = await startServer({ context, cwd }, [tick], hangs);
  await until(() => noted(file).length === 2);
  second.signal("SIGTERM");
  const { code, stderr } = await second.ended;
  assert.equal(code, 0, stderr);
  assertTold(second.lines(), [
    "serve.ready",
    "run.recovered",
    "serve.stopping",
    "run.parked",
    "serve.stopped",
  ]);
  const third = await af(["serve", tick, "--until-idle", "--json"], { cwd });
  assert.equal(third.code, 0, third.stderr);
  assertTold(linesOf(third.stdout), ["serve.ready", "run.resumed", "run.succeeded", "serve.stopped"]);
  assert.deepEqual(noted(file), Array(3).fill(noted(file)[0]));
});

test("with a grace a server that is told to stop lets running steps end", async (context) => {
  const cwd = temporaryFolder(context);
  const killed = await af(["run", steady, "--run-id", "s"], {
    cwd,
    onProgress: (stderr, signal) => {
      if (stderr.includes("0.quick")) signal("SIGKILL");
    },
  });
  assert.equal(killed.code, null);
  const server = await startServer({ context, cwd }, [steady, "--grace", "60s"]);
  await until(() => count(server, "run.recovered") === 1);
  server.signal("SIGINT");
  assert.equal((await server.ended).code, 0);
  const { steps } = await json(cwd, "show", "s");
  const ended = steps.map(({ stepId, status }: Record<string, string>) => `${stepId} ${status}`);
  assert.ok(ended.includes("1.work succeeded"), ended.join(", "));
});

test("runs of a queue begin when there is room for them", async (context) => {
  const cwd = temporaryFolder(context);
  const file = join(cwd, "noted");
  const queued = ["--queue", "notes", "--input", JSON.stringify({ file })];
  await json(cwd, "schedules", "add", "each-second", tick, "--cron", "* * * * * *", ...queued);
  const statuses = async (): Promise<string[]> => {
    const runs: { status: string }[] = await json(cwd, "runs", "--limit", "1000");
    return runs.map(({ status }) => status);
  };
  const line = ["--queue", "notes:concurrency=1"];
  const full = await startServer({ context, cwd }, [tick, ...line], { HANGS: "1" });
  await until(() => noted(file).length > 0);
  let seen = await statuses();
  while (seen.length < 3) seen = await statuses();
  assert.equal(seen.filter((status) => status === "running").length, 1, seen.join());
  assert.ok(seen.filter((status) => status === "queued").length >= 2, seen.join());
  full.signal("SIGTERM");
  assert.equal((await full.ended).code, 0);
  await json(cwd, "schedules", "remove", "each-second");
  const rest = await af(["serve", tick, ...line, "--until-idle"], { cwd });
  assert.equal(rest.code, 0, rest.stderr);
  const ends = await statuses();
  assert.ok(
    ends.every((status) => status === "succeeded"),
    ends.join(),
  );
});

test("all workflows of all files are served, which a line says; what cannot be served is refused", async (context) => {
  const cwd = temporaryFolder(context);
  const ended = await af(["serve", several, tick, "--queue", "q", "--until-idle", "--json"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  const [ready] = linesOf(ended.stdout) as unknown as [Record<string, unknown>];
  const served = (ready["workflows"] as { workflow: string; file: string }[]).map((each) => each.workflow);
  assert.deepEqual(
    [served, ready["queues"], ready["schedules"]],
    [["first", "second", "tick"], { q: {} }, []],
  );
  const plain = await af(["serve", tick, "--until-idle"], { cwd });
  assert.deepEqual([plain.code, plain.stdout], [0, ""]);
  assert.match(plain.stderr, /^Serving tick on sqlite:.*\nStopped\.\n$/);
  const wrong: readonly [number, ...string[]][] = [
    [2],
    [2, tick, "--queue", "mail:speed=3"],
    [3, tick, "--queue", "a b"],
    [3, fixture("broken/no-workflow.ts")],
    [5, "missing.ts"],
  ];
  for (const [code, ...words] of wrong) {
    const refused = await af(["serve", ...words, "--json"], { cwd });
    assert.equal(refused.code, code, `${words.join(" ")}: ${refused.stdout}`);
  }
});
