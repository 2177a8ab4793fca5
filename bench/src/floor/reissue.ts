import { join } from "node:path";
import { openServerPlace } from "../servers/server-place.ts";
import { reissueMysql, reissuePostgres } from "./reissue-servers.ts";
import { reissueSqlite } from "./reissue-sqlite.ts";
import type { StatementLog } from "./statement-log.ts";

/** A recorded log, ready to be issued again. */
export interface Reissue {
  /** Issues the measured part once: a bare loop over prepared statements and recorded values. */
  readonly measured: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a fresh database that belongs to `directory`, issues the recorded set-up and prepares the measured part. */
export async function prepareReissue(log: StatementLog, directory: string): Promise<Reissue> {
  if (log.store === "sqlite") return reissueSqlite(log, join(directory, "floor.db"));
  const place = await openServerPlace(log.store, directory);
  const prepare = log.store === "postgres" ? reissuePostgres : reissueMysql;
  const { measured, close } = await prepare(log, place.url);
  return {
    measured,
    async close() {
      await close();
      await place.drop();
    },
  };
}
