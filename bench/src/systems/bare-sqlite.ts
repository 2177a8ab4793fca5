import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { countedSteps, type Workload } from "../workloads/workload.ts";
import { expectResult, type Session, type System } from "./system.ts";

/**
 * The reference: what node:sqlite does when each step is one transaction of its own that inserts a row and moves the
 * run's head, with nothing around it. Runs are not grouped.
 */
export function bareSqlite(synchronous: "NORMAL" | "FULL"): System {
  return {
    open: async (directory) => openSession(join(directory, "bare.db"), synchronous),
  };
}

function openSession(path: string, synchronous: "NORMAL" | "FULL"): Session {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
    CREATE TABLE IF NOT EXISTS head (run INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS step (run INTEGER, n INTEGER, delta TEXT NOT NULL, PRIMARY KEY (run, n)) WITHOUT ROWID;`);
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const startRun = database.prepare("INSERT INTO head (seq) VALUES (0)");
  const insertStep = database.prepare("INSERT INTO step (run, n, delta) VALUES (?, ?, ?)");
  const moveHead = database.prepare("UPDATE head SET seq = ? WHERE run = ? AND seq = ?");

  const commitRun = (steps: number): void => {
    const run = startRun.run().lastInsertRowid;
    for (let n = 0; n < steps; n++) {
      begin.run();
      insertStep.run(run, n, `{"count":${n + 1}}`);
      expectResult("head moved", Number(moveHead.run(n + 1, run, n).changes), 1);
      commit.run();
    }
  };

  return {
    run: async (workload: Workload) => {
      const runs = workload.kind === "short-runs" ? workload.runs : 1;
      for (let each = 0; each < runs; each++) commitRun(countedSteps(workload) / runs);
    },
    close: async () => database.close(),
  };
}
