import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type RepositoryFile, repositoryRoot } from "./repository.ts";

function compilerOptions(overrides: ts.CompilerOptions): ts.CompilerOptions {
  const path = join(repositoryRoot, "tsconfig.json");
  const { config, error } = ts.parseConfigFileTextToJson(path, readFileSync(path, "utf8"));
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const { options, errors } = ts.convertCompilerOptionsFromJson(config.compilerOptions, repositoryRoot);
  if (errors[0] !== undefined) throw new Error(ts.flattenDiagnosticMessageText(errors[0].messageText, "\n"));
  return { ...options, noEmit: true, ...overrides };
}

const librarySources = new Map<string, ts.SourceFile>();

/** Parses the declarations of libraries once for all programs, which takes most of a program's time. */
function shareLibraries(host: ts.CompilerHost): void {
  const { getSourceFile } = host;
  host.getSourceFile = (path, ...rest) => {
    if (!path.includes("/node_modules/")) return getSourceFile(path, ...rest);
    const source = librarySources.get(path) ?? getSourceFile(path, ...rest);
    if (source !== undefined) librarySources.set(path, source);
    return source;
  };
}

/** Gives the absolute path, as the compiler writes it, of a path in the repository. */
export function absolutePath(path: string): string {
  return join(repositoryRoot, path).replaceAll("\\", "/");
}

/**
 * Builds a type-checked program of `files`, held in memory and laid over the repository, so that their imports
 * resolve as they would from there.
 */
export function memoryProgram(
  files: readonly RepositoryFile[],
  overrides: ts.CompilerOptions = {},
): ts.Program {
  const options = compilerOptions(overrides);
  const host = ts.createCompilerHost(options, true);
  shareLibraries(host);
  const overlay = new Map(files.map(({ path, text }) => [absolutePath(path), text]));
  const { fileExists, readFile } = host;
  host.fileExists = (path) => overlay.has(path) || fileExists(path);
  host.readFile = (path) => overlay.get(path) ?? readFile(path);
  return ts.createProgram({ rootNames: [...overlay.keys()], options, host });
}
