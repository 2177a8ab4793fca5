import ts from "typescript";
import { type Finding, isTest, isTypeScript, packageEntries, type RepositoryFile } from "./repository.ts";
import { commentsOf, findingAt, visit } from "./syntax.ts";

function findNodes(
  files: readonly RepositoryFile[],
  message: string,
  matches: (node: ts.Node, file: RepositoryFile) => boolean,
): Finding[] {
  const findings: Finding[] = [];
  for (const file of files) {
    if (!isTypeScript(file.path)) continue;
    visit(file, (node) => {
      if (matches(node, file)) findings.push(findingAt(file, node, message));
    });
  }
  return findings;
}

/** Finds the type `any`. */
export function anyTypes(files: readonly RepositoryFile[]): Finding[] {
  return findNodes(files, "any turns checking off: name the type, or take unknown", (node) => {
    return node.kind === ts.SyntaxKind.AnyKeyword;
  });
}

/** Finds default exports, outside configuration files whose tools ask for one. */
export function defaultExports(files: readonly RepositoryFile[]): Finding[] {
  return findNodes(files, "a default export has no name of its own: name it", (node, file) => {
    if (file.path.endsWith(".config.ts")) return false;
    if (ts.isExportAssignment(node)) return true;
    if (ts.isExportSpecifier(node)) return node.name.text === "default";
    return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(isDefault);
  });
}

function isDefault(modifier: ts.Modifier): boolean {
  return modifier.kind === ts.SyntaxKind.DefaultKeyword;
}

/** Finds `export *`, and re-exports anywhere but in the entries of a package. */
export function barrels(files: readonly RepositoryFile[]): Finding[] {
  const entries = packageEntries(files);
  return findNodes(files, "re-exports belong into a package's entry, each by its name", (node, file) => {
    if (!ts.isExportDeclaration(node) || node.moduleSpecifier === undefined) return false;
    return node.exportClause === undefined || !entries.has(file.path);
  });
}

function isEmptyFunction(node: ts.Expression | undefined): boolean {
  if (node === undefined || !(ts.isArrowFunction(node) || ts.isFunctionExpression(node))) return false;
  if (ts.isBlock(node.body)) return node.body.statements.length === 0;
  return node.body.getText() === "undefined" || ts.isVoidExpression(node.body);
}

/** Finds errors that are caught and dropped: an empty catch clause, or a rejection handled by nothing. */
export function emptyCatches(files: readonly RepositoryFile[]): Finding[] {
  return findNodes(files, "the error is swallowed: handle it, or let it pass", (node) => {
    if (ts.isCatchClause(node)) return node.block.statements.length === 0;
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
    return node.expression.name.text === "catch" && isEmptyFunction(node.arguments[0]);
  });
}

const testFunctions = new Set(["test", "it", "describe", "suite", "t"]);
const switches = new Set(["only", "skip", "todo"]);

function isSwitchedTest(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const called = ts.isCallExpression(node.parent) && node.parent.expression === node;
    const inContext = node.expression.text === "t" && called && node.parent.arguments.length > 0;
    return called && !inContext && testFunctions.has(node.expression.text) && switches.has(node.name.text);
  }
  if (!ts.isPropertyAssignment(node) || !switches.has(node.name.getText())) return false;
  const options = node.parent.parent;
  if (!ts.isCallExpression(options) || !testFunctions.has(options.expression.getText())) return false;
  return node.name.getText() !== "skip" || node.initializer.kind === ts.SyntaxKind.TrueKeyword;
}

/** Finds tests that are switched off or run alone; a skip has to say why. */
export function switchedTests(files: readonly RepositoryFile[]): Finding[] {
  const tests = files.filter(({ path }) => path.endsWith(".test.ts"));
  return findNodes(tests, "a test runs, or is skipped with a reason: { skip: reason }", isSwitchedTest);
}

const bannedComments: readonly { pattern: RegExp; message: string; inTests: boolean }[] = [
  { pattern: /@ts-(ignore|nocheck)/, message: "silences the type checker: mend the type", inTests: true },
  { pattern: /@ts-expect-error/, message: "expects a type error outside a test", inTests: false },
  { pattern: /@ts-expect-error\W*$/, message: "does not say which type error it expects", inTests: true },
  { pattern: /biome-ignore[^:]*(:\W*)?$/, message: "silences the linter without a reason", inTests: true },
  {
    pattern: /node:coverage|c8 ignore|istanbul ignore/,
    message: "hides code from coverage: test it",
    inTests: true,
  },
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    message: "leaves work behind: do it, or write it down elsewhere",
    inTests: true,
  },
];

/** Finds comments that silence a check or leave work behind. */
export function bannedMarks(files: readonly RepositoryFile[]): Finding[] {
  return files
    .filter(({ path }) => isTypeScript(path))
    .flatMap((file) =>
      commentsOf(file).flatMap(({ text, line }) =>
        bannedComments
          .filter(({ pattern, inTests }) => pattern.test(text) && (inTests || !isTest(file.path)))
          .map(({ message }) => ({ path: file.path, line, message })),
      ),
    );
}
