import ts from "typescript";
import { type Finding, isTest, isTypeScript, type RepositoryFile } from "./repository.ts";
import { findingAt, lineOf, visit } from "./syntax.ts";

/** The hard limits on size; tests and migrations are outside them, and nothing else is. */
export const sizeLimits = {
  fileLines: 500,
  functionLines: 70,
  publicMethods: 15,
  positionalParameters: 4,
  portMethods: 10,
} as const;

function limited(files: readonly RepositoryFile[]): RepositoryFile[] {
  return files.filter(({ path }) => isTypeScript(path) && !isTest(path) && !path.includes("/migrations/"));
}

/** Finds sources longer than the limit. */
export function longFiles(files: readonly RepositoryFile[]): Finding[] {
  return limited(files).flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, "").split("\n").length;
    if (lines <= sizeLimits.fileLines) return [];
    return [{ path, line: 1, message: `${lines} lines, at most ${sizeLimits.fileLines}: split the file` }];
  });
}

/** Finds functions longer than the limit, counted from their first line to their last. */
export function longFunctions(files: readonly RepositoryFile[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of limited(files)) {
    visit(file, (node, source) => {
      if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return;
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
      const lines = last - lineOf(node, source) + 1;
      if (lines <= sizeLimits.functionLines) return;
      findings.push(
        findingAt(file, node, `a function of ${lines} lines, at most ${sizeLimits.functionLines}`),
      );
    });
  }
  return findings;
}

function isPublic(member: ts.ClassElement): boolean {
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(member) & hidden) === 0;
}

/** Finds classes with more public methods than the limit. */
export function wideClasses(files: readonly RepositoryFile[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of limited(files)) {
    visit(file, (node) => {
      if (!ts.isClassLike(node)) return;
      const methods = node.members.filter((member) => ts.isMethodDeclaration(member) && isPublic(member));
      const names = new Set(methods.map((method) => method.name?.getText()));
      if (names.size <= sizeLimits.publicMethods) return;
      findings.push(
        findingAt(file, node, `a class of ${names.size} public methods, at most ${sizeLimits.publicMethods}`),
      );
    });
  }
  return findings;
}

/** Finds functions and signatures with more positional parameters than the limit. */
export function longParameterLists(files: readonly RepositoryFile[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of limited(files)) {
    visit(file, (node) => {
      if (!ts.isFunctionLike(node)) return;
      const count = node.parameters.filter((parameter) => parameter.name.getText() !== "this").length;
      if (count <= sizeLimits.positionalParameters) return;
      const message = `${count} positional parameters, at most ${sizeLimits.positionalParameters}: take one object`;
      findings.push(findingAt(file, node, message));
    });
  }
  return findings;
}

function isMethodOfPort(member: ts.TypeElement): boolean {
  if (ts.isMethodSignature(member)) return true;
  return ts.isPropertySignature(member) && member.type !== undefined && ts.isFunctionTypeNode(member.type);
}

/** Finds ports with more methods than the limit. */
export function widePorts(files: readonly RepositoryFile[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of limited(files)) {
    if (!file.path.startsWith("packages/core/src/ports/")) continue;
    visit(file, (node) => {
      if (!ts.isInterfaceDeclaration(node)) return;
      const count = node.members.filter(isMethodOfPort).length;
      if (count <= sizeLimits.portMethods) return;
      findings.push(
        findingAt(file, node, `a port of ${count} methods, at most ${sizeLimits.portMethods}: split it`),
      );
    });
  }
  return findings;
}
