import { FakeClock, FakeHost } from "@agentflow/contracts";
import { append, type JournalEntry, RunOwnedError, type SeededRandom, sum, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";
import type { FaultSection } from "../fault-report.ts";
import { jumpBy } from "./restless-clock.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
/** The longest delay of a retry. */
const longestMs = 10 * minuteMs;
const jumpsMax = 10;
const tenant = "default";
const runId = "run";

/** An engine on a clock that jumps, which may be closed and made anew on the same store. */
class Machine {
  readonly clock = new FakeClock();
  readonly backend = openMemory();
  readonly random: SeededRandom;
  engine: Engine;
  jumps = 0;
  restarts = 0;

  constructor(random: SeededRandom) {
    this.random = random;
    this.engine = this.#open();
  }

  #open(): Engine {
    return new Engine({ backend: this.backend, clock: this.clock, host: new FakeHost() });
  }

  /** Lets time pass, and everything that follows from it happen when it does. */
  async pass(ms: number): Promise<void> {
    const { clock } = this;
    const end = clock.monotonic() + ms;
    while (clock.monotonic() < end) {
      await settle();
      await clock.advanceAsync(Math.min(clock.nextInMs ?? ms, end - clock.monotonic()));
    }
    await settle();
  }

  maybeJump(): void {
    if (this.jumps >= jumpsMax || this.random.integer(1, 3) > 1) return;
    this.clock.jump(jumpBy(this.random));
    this.jumps++;
  }

  async maybeRestart(goOn: (engine: Engine) => Promise<unknown>): Promise<void> {
    if (this.random.integer(1, 8) > 1) return;
    await this.engine.close();
    this.engine = this.#open();
    this.restarts++;
    await goOn(this.engine);
  }
}

/** Turns of the event loop in which all that can happen without time passing has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A sleep ends at its time by the wall clock: never before, and within a minute after. */
export async function checkSleep(random: SeededRandom, section: FaultSection): Promise<void> {
  const machine = new Machine(random);
  const { clock } = machine;
  let awakeAt: number | undefined;
  const sleeping = workflow("sleeping", { version: "1", state: { said: append<string>() } })
    .start("nap", async (_state, ctx) => {
      await ctx.sleep("nap", random.integer(secondMs, hourMs));
      awakeAt ??= clock.now();
      return { said: ["awake"] };
    })
    .end("nap");
  await machine.engine.start(sleeping, {}, { id: runId });
  await machine.pass(1);
  const until = await recordedEnd(machine);
  let dueSince: number | undefined;
  const look = (): void => {
    dueSince = clock.now() < until ? undefined : (dueSince ?? clock.monotonic());
  };
  while (awakeAt === undefined) {
    machine.maybeJump();
    look();
    await machine.maybeRestart((engine) => engine.resume(runId, sleeping));
    await machine.pass(random.integer(1, minuteMs));
    look();
    if (awakeAt !== undefined || dueSince === undefined || clock.monotonic() - dueSince <= minuteMs) continue;
    section.violation(
      "a sleep ends within a minute after its time",
      `due for ${clock.monotonic() - dueSince} ms`,
    );
    break;
  }
  if (awakeAt !== undefined && awakeAt < until)
    section.violation("a sleep does not end before its time", `${until - awakeAt} ms early`);
  await machine.engine.close();
  section.count("sleeps");
  section.count("jumps", machine.jumps);
}

async function recordedEnd({ backend }: Machine): Promise<number> {
  const records = await backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 100 });
  const entries = records.flatMap(({ kind, row }): JournalEntry[] => (kind === "journal" ? [row.entry] : []));
  return Number(entries.find(({ kind }) => kind === "sleep")?.value);
}

/** A retry comes exactly after its delay; after a restart, at most the policy's longest delay later. */
export async function checkRetries(random: SeededRandom, section: FaultSection): Promise<void> {
  const machine = new Machine(random);
  const { clock } = machine;
  const backoffMs = random.integer(secondMs, longestMs);
  const attemptsMax = 5;
  let failedAt = 0;
  let resumedAt: number | undefined;
  const trying = workflow("trying", { version: "1", state: { tries: sum() } })
    .start(
      "try",
      (_state, ctx) => {
        const now = clock.monotonic();
        const holds = resumedAt === undefined ? now - failedAt === backoffMs : now - resumedAt <= longestMs;
        const seen = `${now - failedAt} ms after the failure, ${now - (resumedAt ?? now)} ms after a restart`;
        if (ctx.attempt > 1) {
          section.expect(holds, "a retry comes after its delay", `${seen}, instead of ${backoffMs} ms`);
          section.count("retries");
        }
        failedAt = now;
        resumedAt = undefined;
        if (ctx.attempt < attemptsMax) throw new Error("not yet");
        return { tries: ctx.attempt };
      },
      { retry: { attemptsMax, backoffMs, factor: 1, maxDelayMs: longestMs, jitter: 0 } },
    )
    .end("try");
  await machine.engine.start(trying, {}, { id: runId });
  while ((await machine.backend.runs.readHead(tenant, runId))?.status !== "succeeded") {
    machine.maybeJump();
    await machine.maybeRestart((engine) => {
      resumedAt = clock.monotonic();
      return engine.resume(runId, trying);
    });
    await machine.pass(random.integer(1, 10 * minuteMs));
  }
  await machine.engine.close();
  section.count("jumps", machine.jumps);
}

/** A step times out, and a run is over its budget, exactly when their time has passed. */
export async function checkTimeout(random: SeededRandom, section: FaultSection): Promise<void> {
  const machine = new Machine(random);
  const { clock } = machine;
  const limitMs = random.integer(secondMs, 10 * minuteMs);
  const isBudget = random.integer(0, 1) === 0;
  const hanging = workflow("hanging", { version: "1", state: { said: append<string>() } })
    .start("hang", () => new Promise<never>(() => undefined), isBudget ? {} : { timeoutMs: limitMs })
    .end("hang");
  const limits = isBudget ? { runBudgetMs: limitMs } : {};
  const run = await machine.engine.start(hanging, {}, { id: runId, limits });
  let endedAt: number | undefined;
  void run.settled().then(() => {
    endedAt = clock.monotonic();
  });
  const isLate = (): boolean => clock.monotonic() > limitMs + hourMs;
  while (endedAt === undefined && !isLate()) {
    machine.maybeJump();
    const leftMs = limitMs - clock.monotonic();
    await machine.pass(Math.min(random.integer(1, 10 * minuteMs), leftMs > 0 ? leftMs : minuteMs));
  }
  section.expect(
    endedAt === limitMs,
    isBudget
      ? "a budget is measured by time that nobody sets"
      : "a timeout is measured by time that nobody sets",
    `over after ${endedAt} ms instead of ${limitMs}`,
  );
  await machine.engine.close();
  section.count("timeouts");
  section.count("jumps", machine.jumps);
}

/** A run of another machine is not taken while its owner's heart beats, and is 10 s after the last beat. */
export async function checkTakeover(random: SeededRandom, section: FaultSection): Promise<void> {
  const backend = openMemory();
  const clocks = [new FakeClock(), new FakeClock()] as const;
  const [theirs, ours] = clocks;
  const holding = workflow("holding", { version: "1", state: { said: append<string>() } })
    .start("hold", (_state, ctx) => ctx.io("hold", null, () => new Promise<never>(() => undefined)))
    .end("hold");
  const engineOn = (clock: FakeClock, name: string): Engine =>
    new Engine({ backend, clock, host: new FakeHost({ name }) });
  const owner = engineOn(theirs, "theirs");
  await owner.start(holding, {}, { id: runId });
  const taker = engineOn(ours, "ours");
  const jump = (): void => {
    random.pick(clocks).jump(jumpBy(random));
    section.count("jumps");
  };
  for (let round = 0; round < 5; round++) {
    let refusal: unknown;
    const taking = taker.resume(runId, holding).catch((error: unknown) => {
      refusal = error;
    });
    for (let beat = 0; beat < 6; beat++) {
      jump();
      await theirs.advanceAsync(2 * secondMs);
      jump();
      await ours.advanceAsync(2 * secondMs);
    }
    await taking;
    section.expect(
      refusal instanceof RunOwnedError,
      "a run is not taken from a living owner",
      String(refusal),
    );
    section.count("refusals");
  }
  let isTaken = false;
  void taker.resume(runId, holding).then(() => {
    isTaken = true;
  });
  for (let second = 0; second < 10; second++) {
    section.expect(!isTaken, "a run is not taken before its owner stood still for 10 s", `${second} s`);
    jump();
    await ours.advanceAsync(secondMs);
  }
  section.expect(isTaken, "a run is taken when its owner stood still for 10 s");
  section.count("takeovers");
}
