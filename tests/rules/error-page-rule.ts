import type { Finding, RepositoryFile } from "./repository.ts";

const folder = "docs/errors/";
const index = `${folder}README.md`;

/** Finds error codes without a page, pages without a code, and codes that the index of pages leaves out. */
export function errorPages(codes: readonly string[], files: readonly RepositoryFile[]): Finding[] {
  const pages = files.filter(({ path }) => path.startsWith(folder) && path !== index);
  const paths = new Set(pages.map(({ path }) => path));
  const indexText = files.find(({ path }) => path === index)?.text ?? "";
  const findings: Finding[] = [];
  for (const code of codes) {
    const page = `${folder}${code}.md`;
    if (!paths.delete(page))
      findings.push({ path: page, line: 1, message: `is missing: ${code} needs its page` });
    if (!indexText.includes(`(${code}.md)`)) {
      findings.push({ path: index, line: 1, message: `does not link the page of ${code}` });
    }
  }
  for (const path of paths) findings.push({ path, line: 1, message: "belongs to no error code" });
  for (const { path, text } of pages) {
    const code = path.slice(folder.length, -".md".length);
    if (!text.startsWith(`# ${code}`))
      findings.push({ path, line: 1, message: `starts with the heading "# ${code}"` });
  }
  return findings;
}
