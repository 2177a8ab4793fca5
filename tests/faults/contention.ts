import { seededRandom } from "@agentflow/core";
import { missingServer, privateServer } from "../private-server.ts";
import { openPlace, rowsIn, type StorePlace } from "../store-place.ts";
import { type Rivalry, rival } from "./contention/rival.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { checkPagesWork, createPagesTables, PagesEngine, type PagesWork } from "./work/pages-engines.ts";

const engines = 2;
const runsAtOnce = 25;
const rivals = 3;
const accounts = 6;

/** Servers whose transactions are serializable unless told otherwise, and which do not sync: nobody crashes them. */
const serverSettings = {
  postgres: {
    default_transaction_isolation: "serializable",
    deadlock_timeout: "10ms",
    fsync: "off",
    max_connections: "60",
  },
  mysql: { "transaction-isolation": "SERIALIZABLE", "innodb-flush-log-at-trx-commit": "0" },
} as const;

/** Lets others lock the rows of a store the other way round, and two engines meet in transactions of their runs. */
export const contention: Fault = {
  name: "contention",
  summary: "rivals lock the store's rows in the other order on a serializable server; deadlocks are survived",
  counts: {
    runs: "runs that ended, at the hands of two engines",
    commits: "commits of these runs",
    deadlocks: "deadlocks that the server ended, by its own count",
    "store deadlocks": "of these, those that it ended at the cost of a transaction of the store",
    "rival transactions": "transactions in which rivals locked two runs and two accounts, and that went well",
    "rival failures": "transactions of rivals that the server ended for a deadlock or a missing order",
    "moved cents": "cents that transactions of runs moved between accounts that others wrote too",
  },
  stores: ["postgres", "mysql"],
  startsServers: true,
  defaults: { durationMs: 20_000, stores: ["postgres", "mysql"] },
  missing: async (store) => (store === "sqlite" ? undefined : missingServer(store)),
  async run(options, section) {
    const { store } = options;
    if (store === "sqlite") return;
    const server = await privateServer(store, serverSettings[store]);
    try {
      await server.start();
      await contend(options, section, { store, url: server.url });
    } finally {
      await server.dispose();
    }
  },
};

async function contend(
  { durationMs, seed, folder, progress }: FaultOptions,
  section: FaultSection,
  place: StorePlace,
): Promise<void> {
  const work: PagesWork = { place, folder, settings: { turns: 4, store: place.store, accounts } };
  await createPagesTables(work);
  const backends = [];
  for (let number = 0; number < engines; number++) backends.push(await openPlace(place));
  const working = await Promise.all(
    backends.map((backend, number) => PagesEngine.open(`engine-${number}`, backend, work)),
  );
  const before = await deadlocksOf(place);
  const deadline = performance.now() + durationMs;
  const isOver = (): boolean => performance.now() >= deadline;
  const timer = setInterval(
    () => progress(`${working.map(({ runIds }) => runIds.length).join(" and ")} runs`),
    5_000,
  );
  try {
    const [rivalries] = await Promise.all([
      Promise.all(
        Array.from({ length: rivals }, (_each, number) =>
          rival(place, seededRandom(seed, `rival ${number}`), {
            accounts,
            isSerializable: number === 0,
            isOver,
          }),
        ),
      ),
      ...working.map((engine) => keepBusy(engine, isOver, section)),
    ]);
    // Connections tell the server what they counted when they end.
    for (const engine of working) await engine.close();
    for (const backend of backends) await backend.runs.close();
    await report({ section, work, rivalries, deadlocks: (await deadlocksOf(place)) - before }, working);
  } finally {
    clearInterval(timer);
  }
}

async function keepBusy(engine: PagesEngine, isOver: () => boolean, section: FaultSection): Promise<void> {
  const oneAfterTheOther = async (): Promise<void> => {
    while (!isOver()) {
      const { error } = await engine.run();
      if (error !== undefined) section.violation("contention stops no run", String(error.stack));
    }
  };
  await Promise.all(Array.from({ length: runsAtOnce }, oneAfterTheOther));
}

async function report(
  found: {
    readonly section: FaultSection;
    readonly work: PagesWork;
    readonly rivalries: readonly Rivalry[];
    readonly deadlocks: number;
  },
  working: readonly PagesEngine[],
): Promise<void> {
  const { section, work, rivalries, deadlocks } = found;
  const runIds = working.flatMap((engine) => engine.runIds);
  const moved = new Map<number, number>();
  let rivalDeadlocks = 0;
  for (const { transactions, deadlocks: ended, serializationFailures, moved: cents } of rivalries) {
    section.count("rival transactions", transactions);
    section.count("rival failures", ended + serializationFailures);
    rivalDeadlocks += ended;
    for (const [id, amount] of cents) moved.set(id, (moved.get(id) ?? 0) + amount);
  }
  section.count("runs", runIds.length);
  section.count("deadlocks", deadlocks);
  section.count("store deadlocks", deadlocks - rivalDeadlocks);
  section.count("moved cents", runIds.length * work.settings.turns);
  section.expect(deadlocks > rivalDeadlocks, "the store met deadlocks, or this would prove nothing");
  const backend = await openPlace(work.place);
  for (const { seq } of await backend.runs.listRuns({ tenant: "default", limit: 1_000_000 }))
    section.count("commits", seq);
  const violation = (promise: string, detail: string): void => section.violation(promise, detail);
  await checkPagesWork(work, backend, { runIds, moved, violation });
  await backend.runs.close();
}

/** How many deadlocks the server has ended so far. */
async function deadlocksOf(place: StorePlace): Promise<number> {
  const statement =
    place.store === "postgres"
      ? "SELECT deadlocks AS count FROM pg_stat_database WHERE datname = current_database()"
      : "SELECT VARIABLE_VALUE AS count FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'INNODB_DEADLOCKS'";
  return Number((await rowsIn(place, statement))[0]?.["count"]);
}
