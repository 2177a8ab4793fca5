import { setTimeout } from "node:timers/promises";
import type { SeededRandom } from "@agentflow/core";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import type { StorePlace } from "../../store-place.ts";

/** What a rival did, and what became of it. */
export interface Rivalry {
  transactions: number;
  /** Transactions that the server chose to end a deadlock, or because they could not be put in an order. */
  deadlocks: number;
  serializationFailures: number;
  /** Cents that its transactions have moved, by account. */
  readonly moved: Map<number, number>;
}

/** A session of somebody else on the database of a store. */
interface RivalSession {
  /** Begins a transaction that is worth more to the server than one of the store. */
  begin(): Promise<void>;
  execute(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Which trouble an error is that rivals have to expect. */
  troubleOf(error: unknown): "deadlocks" | "serializationFailures" | undefined;
  close(): Promise<void>;
}

const holdMaxMs = 15;
const ballastRows = 300;

/**
 * Locks the rows of the store's runs, and of the accounts that runs write, two at a time and the later one first, which
 * is the other way round than the store does. Goes on until it is told to stop.
 */
export async function rival(
  place: StorePlace,
  random: SeededRandom,
  given: { readonly accounts: number; readonly isSerializable: boolean; readonly isOver: () => boolean },
): Promise<Rivalry> {
  const { accounts, isSerializable, isOver } = given;
  const rivalry: Rivalry = { transactions: 0, deadlocks: 0, serializationFailures: 0, moved: new Map() };
  const session = await (place.store === "postgres" ? postgresSession : mysqlSession)(
    place.url,
    isSerializable ? "SERIALIZABLE" : "READ COMMITTED",
  );
  try {
    while (!isOver()) {
      const rows = await session.execute("SELECT rid FROM af_runs WHERE status = 'running'");
      const running = rows.map(({ rid }) => Number(rid));
      if (running.length < 2) {
        await setTimeout(1);
        continue;
      }
      const runs = random.shuffle(running).slice(0, 2);
      const pair = random.shuffle(Array.from({ length: accounts }, (_each, id) => id)).slice(0, 2);
      await rivalTransaction(session, rivalry, { runs, pair, holdMs: random.integer(0, holdMaxMs) });
    }
  } finally {
    await session.close();
  }
  return rivalry;
}

async function rivalTransaction(
  session: RivalSession,
  rivalry: Rivalry,
  { runs, pair, holdMs }: { readonly runs: number[]; readonly pair: number[]; readonly holdMs: number },
): Promise<void> {
  const downwards = (a: number, b: number): number => b - a;
  const [taken = 0, given = 0] = pair.sort(downwards);
  try {
    await session.begin();
    for (const rid of runs.sort(downwards)) {
      await session.execute(`UPDATE af_runs SET updated_at = updated_at WHERE rid = ${rid}`);
      await setTimeout(holdMs);
    }
    await session.execute(`UPDATE accounts SET cents = cents - 1 WHERE id = ${taken}`);
    await setTimeout(holdMs);
    await session.execute(`UPDATE accounts SET cents = cents + 1 WHERE id = ${given}`);
    await session.execute("COMMIT");
    rivalry.transactions += 1;
    rivalry.moved.set(taken, (rivalry.moved.get(taken) ?? 0) - 1);
    rivalry.moved.set(given, (rivalry.moved.get(given) ?? 0) + 1);
  } catch (error) {
    const trouble = session.troubleOf(error);
    if (trouble === undefined) throw error;
    rivalry[trouble] += 1;
    await session.execute("ROLLBACK");
  }
}

async function postgresSession(url: string, isolation: string): Promise<RivalSession> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Whoever looks for deadlocks first is the one that ends; everybody looks once, some time after beginning to wait.
  await client.query("SET deadlock_timeout = '100ms'");
  return {
    begin: async () => void (await client.query(`BEGIN ISOLATION LEVEL ${isolation}`)),
    execute: async (sql) => (await client.query(sql)).rows,
    troubleOf: (error) => {
      const { code } = error as { readonly code?: string };
      if (code === "40P01") return "deadlocks";
      return code === "40001" ? "serializationFailures" : undefined;
    },
    close: () => client.end(),
  };
}

async function mysqlSession(url: string, isolation: string): Promise<RivalSession> {
  const connection = await createConnection(url);
  const execute: RivalSession["execute"] = async (sql) => {
    const [rows] = await connection.query(sql);
    return Array.isArray(rows) ? (rows as Readonly<Record<string, unknown>>[]) : [];
  };
  await execute(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`);
  await execute("CREATE TABLE IF NOT EXISTS ballast (n INTEGER)");
  const ballast = Array.from({ length: ballastRows }, (_each, n) => `(${n})`).join(", ");
  return {
    async begin() {
      await execute("BEGIN");
      // The server ends the transaction that has changed fewer rows.
      await execute(`INSERT INTO ballast VALUES ${ballast}`);
    },
    execute,
    troubleOf: (error) =>
      (error as { readonly code?: string }).code === "ER_LOCK_DEADLOCK" ? "deadlocks" : undefined,
    close: () => connection.end(),
  };
}
