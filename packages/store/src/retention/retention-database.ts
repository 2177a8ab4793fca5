import type { SqlSession } from "../sql/sql-database.ts";

/** One connection as retention uses it. */
export type RetentionSession = Pick<SqlSession, "rows" | "change">;

type Work<T> = (session: RetentionSession) => Promise<T>;

/** A database server's, or SQLite's in its maintenance thread, as retention uses it. */
export interface RetentionDatabase {
  repeatable<T>(work: Work<T>): Promise<T>;
  snapshot<T>(work: Work<T>): Promise<T>;
  search<T>(work: Work<T>): Promise<T>;
  transaction<T>(work: Work<T>): Promise<T>;
  repeatableTransaction<T>(work: Work<T>): Promise<T>;
}
