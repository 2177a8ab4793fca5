import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createEngine, type Engine, value, workflow } from "../../../packages/agentflow/src/index.ts";
import { openServerPlace, type ServerPlace } from "../servers/server-place.ts";
import { runPool } from "../systems/run-pool.ts";

/** Where the sleeping runs are kept. */
export type WakingStore = "memory" | "sqlite" | "postgres" | "mysql";

/** What is measured. */
export interface WakingRequest {
  readonly store: WakingStore;
  /** Who wakes them: the engine that started them, or another one that serves and never saw them. */
  readonly by: "starter" | "server";
  readonly runs: number;
  /** How long before the runs are due the first one is started. */
  readonly leadMs: number;
  readonly directory: string;
}

/** What became of the runs, in milliseconds after the time for which all of them slept. */
export interface Waking {
  /** When the steps went on. */
  readonly lateMs: readonly number[];
  /** When the runs had ended, durably. */
  readonly endedMs: readonly number[];
  /** Heap per sleeping run; undefined where runs were not started in the process that woke them. */
  readonly heapBytes: number | undefined;
}

const startedAtOnce = 50;

/** Lets runs sleep until one moment, and tells when they went on. */
export async function measureWaking({ store, by, runs, leadMs, directory }: WakingRequest): Promise<Waking> {
  const place = await placeOf(store, join(directory, `${store}-${by}`));
  const lateMs: number[] = [];
  const endedMs: number[] = [];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const sleeper = workflow("sleeper", {
    version: "1",
    state: { until: value<number>(), woken: value(false) },
  })
    .start("sleep", async ({ until }, ctx) => {
      await ctx.sleep("until", Math.max(0, until - ctx.now()));
      lateMs.push(Date.now() - until);
      return { woken: true };
    })
    .end("sleep");
  let until = 0;
  const counting = {
    name: "ended",
    emit(events: readonly { readonly type: string }[]) {
      for (const { type } of events) if (type === "run.succeeded") endedMs.push(Date.now() - until);
      if (endedMs.length === runs) resolve();
    },
  };
  const open = (): Promise<Engine> =>
    createEngine({
      store: place.url,
      workflows: [sleeper],
      emitters: [counting],
      retention: { background: false },
    });
  let engine = await open();
  try {
    await (await engine.start(sleeper, { until: 0 })).result();
    [lateMs.length, endedMs.length] = [0, 0];
    const before = heapUsed();
    until = Date.now() + leadMs;
    await runPool(runs, startedAtOnce, async () => {
      await engine.start(sleeper, { until });
    });
    if (Date.now() > until - 2_000) throw new Error(`Starting took until now; give a longer --lead.`);
    const heapBytes = by === "starter" ? (heapUsed() - before) / runs : undefined;
    if (by === "server") {
      await engine.close();
      engine = await open();
      engine.serve({ concurrency: runs });
    }
    await done;
    return { lateMs, endedMs, heapBytes };
  } finally {
    await engine.close();
    await place.drop();
  }
}

async function placeOf(store: WakingStore, directory: string): Promise<ServerPlace> {
  if (store === "postgres" || store === "mysql") return openServerPlace(store, directory);
  const url = store === "memory" ? "memory:" : `sqlite:${directory}.db`;
  return { name: store, url, drop: async () => undefined };
}

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
