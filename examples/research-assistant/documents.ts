import { glob, readFile, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** What a folder is searched for unless the input names other patterns: texts, manuals, sources and data. */
export const textPatterns: readonly string[] = [
  "**/*.{md,mdx,markdown,txt,rst,adoc,org,html,tex}",
  "**/*.{ts,tsx,mts,js,jsx,mjs,py,go,rs,java,kt,rb,php,c,h,cpp,cs,swift,sql,sh}",
  "**/*.{json,jsonl,yaml,yml,toml,ini,csv,xml}",
];

/** How much is read at most. */
export const documentLimits = { filesMax: 1_000, sizeBytesMax: 512 * 1_024 } as const;

const skippedFolders = new Set(["node_modules", "dist", "build", "coverage", "runs", "vendor", "target"]);
const generatedFile = /(^|[.-])lock\.(json|ya?ml)$|\.min\.js$|^npm-shrinkwrap\.json$/;

/** What a folder is searched for. */
export interface DocumentQuery {
  readonly folder: string;
  /** Globs relative to the folder. */
  readonly patterns: readonly string[];
}

function isSkipped(path: string): boolean {
  const parts = path.split(sep);
  const name = parts.at(-1) ?? "";
  return parts.some(isSkippedFolder) || generatedFile.test(name);
}

function isSkippedFolder(name: string): boolean {
  return skippedFolders.has(name) || (name.startsWith(".") && name !== "." && name !== "..");
}

/**
 * The documents of a folder as sorted paths relative to it, with forward slashes: hidden folders, dependencies, build
 * results and lock files are left out. Rejects if the folder is missing or holds more than `filesMax` documents.
 */
export async function listDocuments({ folder, patterns }: DocumentQuery): Promise<string[]> {
  const found = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`The folder ${folder} cannot be read (${cause.code}).`, { cause });
  });
  if (!found.isDirectory()) throw new Error(`${folder} is no folder.`);
  const paths = new Set<string>();
  const entries = glob(patterns, {
    cwd: folder,
    withFileTypes: true,
    exclude: (entry) => entry.isDirectory() && isSkippedFolder(entry.name),
  });
  for await (const entry of entries) {
    const path = relativeTo(folder, join(entry.parentPath, entry.name));
    // A link may lead to a document; whether it does is seen when it is read.
    const isCandidate = entry.isFile() || entry.isSymbolicLink();
    if (isCandidate && !isSkipped(path)) paths.add(path.split(sep).join("/"));
    if (paths.size > documentLimits.filesMax) {
      throw new Error(
        `The folder ${folder} holds more than ${documentLimits.filesMax} documents: choose a smaller one.`,
      );
    }
  }
  return [...paths].sort();
}

function relativeTo(folder: string, path: string): string {
  const root = join(folder, sep);
  return path.startsWith(root) ? path.slice(root.length) : path;
}

/**
 * Reads a document as text with "\n" line ends. Rejects with a reason for readers if it is gone, too large, or no
 * UTF-8 text.
 */
export async function readDocument(folder: string, path: string, signal: AbortSignal): Promise<string> {
  const file = join(folder, path);
  const { size, isRegular } = await look(file);
  if (!isRegular) throw new Error("it is no file");
  if (size > documentLimits.sizeBytesMax) {
    throw new Error(`it is larger than ${documentLimits.sizeBytesMax / 1_024} kB`);
  }
  const bytes = await readFile(file, { signal }).catch(unreadable);
  return decode(bytes).replaceAll("\r\n", "\n");
}

async function look(file: string): Promise<{ size: number; isRegular: boolean }> {
  const found = await stat(file).catch(unreadable);
  return { size: found.size, isRegular: found.isFile() };
}

function unreadable(cause: NodeJS.ErrnoException): never {
  throw new Error(`it cannot be read (${cause.code})`, { cause });
}

function decode(bytes: Buffer): string {
  if (bytes.includes(0)) throw new Error("it is no text: it holds zero bytes");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("it is no UTF-8 text", { cause });
  }
}
