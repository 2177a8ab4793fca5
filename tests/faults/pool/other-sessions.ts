import { createConnection } from "mysql2/promise";
import pg from "pg";
import type { StorePlace } from "../../store-place.ts";

/** A session of somebody else. */
interface OtherSession {
  /** Ends all sessions but those with these numbers, and says how many there were. */
  endAllBut(numbers: readonly number[]): Promise<number>;
  readonly number: number;
  end(): Promise<void>;
}

/** Sessions of others, which take every connection that a server has. */
export class OtherSessions {
  readonly #place: StorePlace;
  readonly #sessions: OtherSession[] = [];

  constructor(place: StorePlace) {
    this.#place = place;
  }

  get count(): number {
    return this.#sessions.length;
  }

  /** Takes all connections, those that somebody has too. */
  async takeAll(): Promise<void> {
    for (;;) {
      await this.#takeFree();
      const numbers = this.#sessions.map(({ number }) => number);
      if ((await this.#sessions[0]?.endAllBut(numbers)) === 0) return;
    }
  }

  /** Gives all of them back. */
  async leave(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.end()));
  }

  /** Connects until the server refuses. */
  async #takeFree(): Promise<void> {
    for (;;) {
      try {
        this.#sessions.push(await connect(this.#place));
      } catch (error) {
        const { code } = error as { readonly code?: string };
        if (code === "53300" || code === "ER_CON_COUNT_ERROR") return;
        throw error;
      }
    }
  }
}

async function connect({ store, url }: StorePlace): Promise<OtherSession> {
  if (store === "mysql") return connectMysql(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ number: number }>("SELECT pg_backend_pid() AS number");
  return {
    number: Number(rows[0]?.number),
    async endAllBut(numbers) {
      const ended = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND NOT pid = ANY ($1::int[])`,
        [numbers],
      );
      return ended.rowCount ?? 0;
    },
    end: () => client.end(),
  };
}

async function connectMysql(url: string): Promise<OtherSession> {
  const connection = await createConnection(url);
  return {
    number: connection.threadId,
    async endAllBut(numbers) {
      const [rows] = await connection.query(
        `SELECT ID AS id FROM information_schema.PROCESSLIST
          WHERE COMMAND <> 'Daemon' AND ID NOT IN (${numbers.join(", ")})`,
      );
      const ids = (rows as { readonly id: number }[]).map(({ id }) => id);
      for (const id of ids) await killSession(connection, id);
      return ids.length;
    },
    end: () => connection.end(),
  };
}

async function killSession(
  connection: Awaited<ReturnType<typeof createConnection>>,
  id: number,
): Promise<void> {
  try {
    await connection.query(`KILL ${id}`);
  } catch (error) {
    // It has ended by itself.
    if ((error as { readonly code?: string }).code !== "ER_NO_SUCH_THREAD") throw error;
  }
}
