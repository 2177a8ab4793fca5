import type { SchemaIssue } from "@agentflow/core";

/** What a schema has against a value, with the path of the part it means, below `prefix`. */
export function describeIssue(issue: SchemaIssue, prefix: readonly string[] = []): string {
  const keys = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  const path = [...prefix, ...keys].join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
