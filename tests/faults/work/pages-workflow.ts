import { append, sum, type TransactionSql, type Workflow, workflow } from "@agentflow/core";
import type { StoreName } from "../../store-place.ts";

/** What a run of pages is made for. */
export interface PagesSettings {
  /** Rounds of five steps each. */
  readonly turns: number;
  readonly store: StoreName;
  /** In each round a cent goes from one account to another, so that transactions of different runs meet. */
  readonly accounts?: number;
  /** Told when a step's function begins. */
  readonly entered?: (runId: string, stepId: string) => void;
}

/** Rows that runs write in their own transactions; without a key, so that a doubled row shows. To be made on servers. */
export const entriesTable = "CREATE TABLE IF NOT EXISTS entries (run VARCHAR(128), turn INTEGER)";

/** All tables that runs write; on a server they are made before. */
export function pagesTables(accounts: number): readonly string[] {
  const rows = Array.from({ length: accounts }, (_each, id) => `(${id}, 0)`);
  return [
    entriesTable,
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, cents INTEGER)",
    `INSERT INTO accounts VALUES ${rows.join(", ")}`,
  ];
}

/** The accounts that a round takes a cent from and gives it to. */
export function accountsOf(turn: number, accounts: number): readonly [number, number] {
  return [turn % accounts, (turn * 3 + 1) % accounts];
}

const pageBytes = [300, 2_000, 9_000];

/**
 * A run that uses a store in every way that a fault could harm: outside calls, values that are stored apart, artifacts,
 * parallel steps, a failed attempt now and then, and rows of its own in its store's database. Everything follows from
 * `turns`, so that all runs of as many turns end alike.
 */
export function pagesWorkflow({ turns, store, accounts, entered }: PagesSettings): Workflow {
  const [first, second] = store === "postgres" ? ["$1", "$2"] : ["?", "?"];
  const insert = `INSERT INTO entries VALUES (${first}, ${second})`;
  const move = `UPDATE accounts SET cents = cents + ${first} WHERE id = ${second}`;
  return workflow("pages", {
    version: "1",
    state: { turn: sum(), total: sum(), pages: append<string>(), entries: append<number>() },
  })
    .start("open", async (_state, ctx) => {
      entered?.(ctx.runId, ctx.stepId);
      await ctx.tx("create", null, async (sql) => {
        if (store === "sqlite") await createTables(sql, accounts);
        return null;
      });
      return {};
    })
    .node(
      "turn",
      { after: "open" },
      async ({ turn }, ctx) => {
        entered?.(ctx.runId, ctx.stepId);
        const page = await ctx.io("page", turn, pageOf, { cache: "shared" });
        if (turn % 5 === 3 && ctx.attempt === 1) throw new TypeError("the first attempt fails");
        const { sha256 } = await ctx.safeWrite(`page-${turn % 4}.txt`, page);
        return { turn: 1, pages: [sha256] };
      },
      { retry: { attemptsMax: 2, backoffMs: 1, jitter: 0 } },
    )
    .map("count", { after: "turn", over: () => [1, 2, 3] }, async (part, ctx) => {
      entered?.(ctx.runId, ctx.stepId);
      return { total: await ctx.io("count", part, (number) => number * 10) };
    })
    .node("enter", { after: "count" }, async ({ turn }, ctx) => {
      entered?.(ctx.runId, ctx.stepId);
      const changes = await ctx.tx("enter", turn, async (sql, number) => {
        if (accounts !== undefined) {
          const [from, to] = accountsOf(number, accounts);
          await sql.run(move, [-1, from]);
          await sql.run(move, [1, to]);
        }
        return (await sql.run(insert, [ctx.runId, number])).changes;
      });
      return { entries: [changes] };
    })
    .node("shut", {}, (_state, ctx) => {
      entered?.(ctx.runId, ctx.stepId);
      return {};
    })
    .route("enter", { to: ["turn", "shut"] }, ({ turn }) => (turn < turns ? "turn" : "shut"))
    .end("shut");
}

async function createTables(sql: TransactionSql, accounts: number | undefined): Promise<void> {
  const [made] = await sql.all("SELECT 1 FROM sqlite_master WHERE name = 'entries'");
  const tables = accounts === undefined ? [entriesTable] : pagesTables(accounts);
  if (made === undefined) for (const statement of tables) await sql.run(statement);
}

function pageOf(number: number): string {
  const sizeBytes = pageBytes[number % pageBytes.length] ?? 0;
  return `page ${number} `.repeat(sizeBytes / 7);
}
