import type { StatementRules } from "../sql/user-statement.ts";

const controls: ReadonlySet<string> = new Set(
  (
    "begin start commit end rollback abort savepoint release prepare execute deallocate set reset discard copy " +
    "listen unlisten notify"
  ).split(" "),
);

/** What PostgreSQL lets a workflow's own SQL do. */
export const postgresRules: StatementRules = {
  literals: /\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'/gis,
  allows: (firstWord) => !controls.has(firstWord),
  hidden: /\bu&"/i,
};
