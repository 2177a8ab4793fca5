import type { Row } from "./duck-database.ts";
import type { Receipt } from "./receipt.ts";

/** The rows that answer a question, how they were found, and what it took. */
export interface Answer<AnsweredRow = Row> {
  readonly columns: readonly string[];
  readonly rows: readonly AnsweredRow[];
  readonly sql: string;
  readonly receipt: Receipt;
}
