import ts from "typescript";
import { type Finding, isTest, isTypeScript, type RepositoryFile } from "./repository.ts";
import { findingAt, visit } from "./syntax.ts";

/** Names of a log line that the logger writes by itself. */
const ownFields: readonly string[] = ["severity", "time", "msg"];

/** The only folder that may write log lines by a library. */
const loggerFolder = "packages/telemetry/src/log/";

/** A call `anything.log("LEVEL", message, { ... })`, as loggers are called. */
function loggedFields(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  if (node.expression.name.text !== "log" || node.arguments.length !== 3) return undefined;
  const [, , fields] = node.arguments;
  return fields !== undefined && ts.isObjectLiteralExpression(fields) ? fields : undefined;
}

function nameOf(property: ts.ObjectLiteralElementLike): string | undefined {
  const { name } = property;
  return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined;
}

/**
 * Finds fields of log lines that the table of fields does not have, fields that only the logger itself writes, and
 * libraries for logs that are used beside the logger (OBS-3).
 */
export function oddLogFields(known: readonly string[], files: readonly RepositoryFile[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of files) {
    if (!isTypeScript(file.path) || !file.path.startsWith("packages/") || isTest(file.path)) continue;
    visit(file, (node) => {
      if (ts.isImportDeclaration(node) && !file.path.startsWith(loggerFolder)) {
        const from = (node.moduleSpecifier as ts.StringLiteral).text;
        if (from === "pino")
          findings.push(findingAt(file, node, "lines are written by the one logger, jsonLogger"));
      }
      for (const property of loggedFields(node)?.properties ?? []) {
        const name = nameOf(property);
        if (name === undefined) continue;
        if (ownFields.includes(name))
          findings.push(findingAt(file, property, `the logger itself writes ${name}`));
        else if (!known.includes(name))
          findings.push(findingAt(file, property, `${name} is no field of log-fields.ts`));
      }
    });
  }
  return findings;
}
