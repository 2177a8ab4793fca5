import type { StatementRules } from "../sql/user-statement.ts";

// Most other statements of MySQL commit what is open.
const allowed: ReadonlySet<string> = new Set(
  "select insert update delete replace with values table explain describe desc show".split(" "),
);

/** What MySQL and MariaDB let a workflow's own SQL do: create tables before, not in `ctx.tx`. */
export const mysqlRules: StatementRules = {
  literals: /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/gs,
  allows: (firstWord) => allowed.has(firstWord),
  // Comments that the server runs.
  hidden: /\/\*M?!/i,
};
