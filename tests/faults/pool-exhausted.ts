import { setTimeout } from "node:timers/promises";
import { type StoreBackend, StoreUnavailableError, sum, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openMysql, openPostgres } from "@agentflow/store";
import { missingServer, privateServer } from "../private-server.ts";
import type { StorePlace } from "../store-place.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { OtherSessions } from "./pool/other-sessions.ts";
import { checkPagesWork, createPagesTables, PagesEngine, type PagesWork } from "./work/pages-engines.ts";

const poolSizes = [1, 2] as const;
const connectionsMax = 12;
/** How long the store waits for a server that refuses, and what a refusal may take with all that goes with it. */
const unavailableAfterMs = 1_000;
const refusalMaxMs = 20_000;
const fullMs = 3_000;
const pauseMs = 50;

const serverSettings = {
  postgres: { fsync: "off", max_connections: String(connectionsMax), superuser_reserved_connections: "0" },
  mysql: { "innodb-flush-log-at-trx-commit": "0", "max-connections": String(connectionsMax) },
} as const;

/** Lets many runs share one or two connections, of which a ctx.tx holds one so long, and others take all of a server's. */
export function poolExhaustedFor(heldMs: number): Fault {
  return {
    name: "pool-exhausted",
    summary: "hundreds of runs share one or two connections, then others take all of the server's; runs wait",
    counts: {
      runs: "runs that ended, all at work at the same time",
      commits: "commits of these runs",
      "held ms": "time in which a ctx.tx held a connection that all waited for, in milliseconds",
      reads: "reads that waited for it and were answered",
      sessions: "sessions of others that took all connections of the server",
      refusals: "opened stores, new runs and reads that ended with AF_STORE_UNAVAILABLE meanwhile",
      "longest refusal ms": "the longest time that one of them took, in milliseconds",
    },
    stores: ["postgres", "mysql"],
    startsServers: true,
    defaults: { count: 200, stores: ["postgres", "mysql"] },
    missing: async (store) => (store === "sqlite" ? undefined : missingServer(store)),
    async run(options, section) {
      const { store } = options;
      if (store === "sqlite") return;
      const server = await privateServer(store, serverSettings[store]);
      try {
        await server.start();
        const place: StorePlace = { store, url: server.url };
        const work: PagesWork = { place, folder: options.folder, settings: { turns: 2, store } };
        await createPagesTables(work);
        for (const size of poolSizes)
          await sharePool(options, section.section(`pool of ${size}`), { work, size, heldMs });
        await fillServer(options, section.section("full server"), work);
      } finally {
        await server.dispose();
      }
    },
  };
}

/** Holds a connection for longer than one is waited for at a time. */
export const poolExhausted: Fault = poolExhaustedFor(6_500);

/** A store with a small pool, or little patience. */
function open(
  { store, url }: StorePlace,
  settings: { readonly connectionsMax: number; readonly unavailableAfterMs?: number },
): Promise<StoreBackend> {
  return store === "mysql" ? openMysql({ url, ...settings }) : openPostgres({ url, ...settings });
}

async function sharePool(
  { count, progress }: FaultOptions,
  section: FaultSection,
  { work, size, heldMs }: { readonly work: PagesWork; readonly size: number; readonly heldMs: number },
): Promise<void> {
  const backend = await open(work.place, { connectionsMax: size });
  const engine = await PagesEngine.open(`pool-${size}`, backend, work);
  const held = holdConnection(backend, heldMs, section);
  const ended = await Promise.all(Array.from({ length: count }, () => engine.run()));
  await held;
  for (const { error } of ended)
    if (error !== undefined) section.violation("runs wait for a connection", String(error.stack));
  await engine.close();
  await check(section, work, backend, engine.runIds);
  progress(`${count} runs shared ${size} connections`);
}

/** Another engine of the process, whose run keeps a connection in a transaction, while reads wait for it. */
async function holdConnection(backend: StoreBackend, heldMs: number, section: FaultSection): Promise<void> {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const holding = workflow("holding", { version: "1", state: { held: sum() } })
    .start("hold", async (_state, ctx) => ({
      held: await ctx.tx("hold", null, async (sql) => {
        await sql.all("SELECT 1 AS one");
        begin();
        await setTimeout(heldMs);
        return heldMs;
      }),
    }))
    .end("hold");
  const engine = await createEngine({ store: backend });
  const run = await engine.start(holding, {});
  const reads = begun.then(() =>
    Promise.all(Array.from({ length: 20 }, () => backend.runs.readHead("default", run.runId))),
  );
  const { held } = await run.result();
  section.count("held ms", held);
  for (const head of await reads) if (head?.runId === run.runId) section.count("reads");
  await engine.close();
}

async function fillServer(
  { count, progress }: FaultOptions,
  section: FaultSection,
  work: PagesWork,
): Promise<void> {
  const { place } = work;
  const backend = await open(place, { connectionsMax: 4, unavailableAfterMs });
  const engine = await PagesEngine.open("full", backend, work);
  const others = new OtherSessions(place);
  let isOver = false;
  const refusedRuns: string[] = [];
  const oneAfterTheOther = async (): Promise<void> => {
    do {
      const { runId, error } = await engine.run();
      if (error === undefined) continue;
      if (error instanceof StoreUnavailableError) refusedRuns.push(runId);
      else section.violation("runs wait for a server that refuses", String(error.stack));
      await setTimeout(pauseMs);
    } while (!isOver);
  };
  const runs = Promise.all(Array.from({ length: Math.ceil(count / 10) }, oneAfterTheOther));
  try {
    await others.takeAll();
    section.count("sessions", others.count);
    progress(`${others.count} sessions hold all connections`);
    const until = performance.now() + fullMs;
    do {
      await refused(section, async () =>
        (await open(place, { connectionsMax: 1, unavailableAfterMs })).runs.close(),
      );
      await refused(section, () => backend.runs.readHead("default", "full-0"));
    } while (performance.now() < until);
  } finally {
    isOver = true;
    await others.leave();
  }
  await runs;
  const neverStored = new Set<string>();
  for (const runId of refusedRuns) {
    const head = await backend.runs.readHead("default", runId);
    if (head === undefined) neverStored.add(runId);
    else if (head.seq === 1) await engine.resume(runId);
    else section.violation("runs wait for a server that refuses", `${runId} stopped at ${head.seq}`);
  }
  section.count("refusals", neverStored.size);
  await engine.close();
  const runIds = engine.runIds.filter((runId) => !neverStored.has(runId));
  await check(section, work, backend, runIds);
}

/** What a full server refuses ends with a typed error, after a while. */
async function refused(section: FaultSection, work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  try {
    await work();
    section.violation("a full server refuses", "somebody found a connection");
  } catch (error) {
    section.expect(
      error instanceof StoreUnavailableError,
      "a refusal is AF_STORE_UNAVAILABLE",
      String(error),
    );
    section.count("refusals");
  }
  const tookMs = Math.round(performance.now() - begun);
  section.expect(tookMs < refusalMaxMs, "a refusal does not take for ever", `${tookMs} ms`);
  const longest = section.counts.get("longest refusal ms") ?? 0;
  if (tookMs > longest) section.count("longest refusal ms", tookMs - longest);
}

async function check(
  section: FaultSection,
  work: PagesWork,
  backend: StoreBackend,
  runIds: readonly string[],
): Promise<void> {
  section.count("runs", runIds.length);
  for (const runId of runIds) {
    const head = await backend.runs.readHead("default", runId);
    section.count("commits", head?.seq ?? 0);
  }
  const violation = (promise: string, detail: string): void => section.violation(promise, detail);
  await checkPagesWork(work, backend, { runIds, violation });
  await backend.runs.close();
}
