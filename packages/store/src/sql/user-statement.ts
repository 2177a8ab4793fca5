import { ValidationError } from "@agentflow/core";

/** What a database lets a workflow's own SQL do (S26). */
export interface StatementRules {
  /** Literals, which may hold anything. */
  readonly literals: RegExp;
  /** Whether a statement that starts with this word, in lower case, may run; "" where it starts with none. */
  allows(firstWord: string): boolean;
  /** Spellings that would hide a name. */
  readonly hidden?: RegExp;
}

const leading = /^(?:[\s(;]|--[^\n]*\n|\/\*.*?\*\/)*([a-z]+)/is;

/**
 * Throws ValidationError (AF_ARGUMENT_INVALID) for SQL of a workflow that names AgentFlow's tables, which start with
 * `af_`, or would end the transaction of ctx.tx. It guards against mistakes: a server offers no way to watch what a
 * function of its own does.
 */
export function checkUserStatement(sql: string, rules: StatementRules): void {
  const text = sql.replace(rules.literals, "''");
  const own = /\baf_\w*/i.exec(text)?.[0];
  if (own !== undefined) refuse(`the table ${own}`);
  if (rules.hidden?.test(text) === true) refuse("escaped names");
  const first = leading.exec(text)?.[1]?.toLowerCase() ?? "";
  if (!rules.allows(first))
    refuse(`${first.toUpperCase() || "this"}, which may end the transaction or change its settings`);
}

function refuse(what: string): never {
  throw new ValidationError("AF_ARGUMENT_INVALID", `ctx.tx may not use ${what}.`, {
    hint: "Use tables of your own, and let ctx.tx begin and end the transaction.",
  });
}
