import ts from "typescript";
import { splitMarkdown } from "./markdown.ts";
import { absolutePath, memoryProgram } from "./program.ts";
import type { Finding, RepositoryFile } from "./repository.ts";

interface Sample {
  readonly page: string;
  readonly file: RepositoryFile;
  /** For each line of the sample, the line of the page that it came from. */
  readonly lines: readonly number[];
}

const languages = new Set(["ts", "typescript"]);

/** Gathers the samples of a page: one a block, or several blocks where the later ones say `continued`. */
function samplesOf(page: RepositoryFile): { samples: Sample[]; findings: Finding[] } {
  const samples: Sample[] = [];
  const findings: Finding[] = [];
  for (const block of splitMarkdown(page.text).blocks) {
    if (!languages.has(block.language)) continue;
    const previous = block.info === "continued" ? samples.pop() : undefined;
    if (block.info !== "" && previous === undefined) {
      const message = `"${block.info}" is no mark of a code block: it is checked as it stands`;
      findings.push({ path: page.path, line: block.line, message });
    }
    const lines = block.text.split("\n").map((_, index) => block.line + 1 + index);
    const path =
      previous?.file.path ?? `docs-samples/${page.path.replaceAll(/[^a-z0-9]/gi, "-")}-${block.line}.ts`;
    const text = previous === undefined ? block.text : `${previous.file.text}\n${block.text}`;
    samples.push({ page: page.path, file: { path, text }, lines: [...(previous?.lines ?? []), ...lines] });
  }
  return { samples, findings };
}

/** Finds TypeScript in the manuals that a reader could not compile: every block is checked as a module. */
export function brokenSamples(files: readonly RepositoryFile[]): Finding[] {
  const pages = files.filter(({ path }) => path.endsWith(".md")).map(samplesOf);
  const samples = pages.flatMap((page) => page.samples);
  const program = memoryProgram(
    samples.map(({ file }) => file),
    { noUnusedLocals: false, noUnusedParameters: false, moduleDetection: ts.ModuleDetectionKind.Force },
  );
  const findings = pages.flatMap((page) => page.findings);
  for (const { page, file, lines } of samples) {
    const source = program.getSourceFile(absolutePath(file.path));
    if (source === undefined) throw new Error(`${file.path} is not part of the program.`);
    for (const problem of [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]) {
      const { line } = source.getLineAndCharacterOfPosition(problem.start ?? 0);
      const message = ts.flattenDiagnosticMessageText(problem.messageText, " ");
      findings.push({ path: page, line: lines[line] ?? 1, message });
    }
  }
  return findings;
}
