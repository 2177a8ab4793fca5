import { before, test } from "node:test";
import { errorCodes } from "../../packages/core/src/errors/error-codes.ts";
import { brokenSamples } from "./code-block-rule.ts";
import { emptyPackages, undocumentedExports } from "./entry-rules.ts";
import { errorPages } from "./error-page-rule.ts";
import { brokenData, brokenLinks } from "./markdown-rules.ts";
import { binNames, leftovers, oddDecisionNames, oddFileNames } from "./name-rules.ts";
import { orphans } from "./orphan-rule.ts";
import { assertClean, listRepository, type RepositoryFile, readRepository } from "./repository.ts";
import { longFiles, longFunctions, longParameterLists, wideClasses, widePorts } from "./size-rules.ts";
import {
  anyTypes,
  bannedMarks,
  barrels,
  defaultExports,
  emptyCatches,
  switchedTests,
} from "./source-rules.ts";
import { hostedWorkflowProblems } from "./workflow-rule.ts";

let files: RepositoryFile[] = [];

before(() => {
  files = readRepository();
});

test("no source is longer than the limit", () => assertClean(longFiles(files)));
test("no function is longer than the limit", () => assertClean(longFunctions(files)));
test("no class has more public methods than the limit", () => assertClean(wideClasses(files)));
test("no function takes more positional parameters than the limit", () =>
  assertClean(longParameterLists(files)));
test("no port has more methods than the limit", () => assertClean(widePorts(files)));
test("no file or folder is named like a bin", () => assertClean(binNames(files)));
test("no leftover of an editor or a merge is kept", () => assertClean(leftovers(listRepository())));
test("file names are kebab-case", () => assertClean(oddFileNames(files)));
test("decision records are numbered and named alike", () => assertClean(oddDecisionNames(files)));
test("no source uses the type any", () => assertClean(anyTypes(files)));
test("no source has a default export", () => assertClean(defaultExports(files)));
test("only the entry of a package re-exports, each symbol by its name", () => assertClean(barrels(files)));
test("no error is swallowed", () => assertClean(emptyCatches(files)));
test("no test is switched off without a reason", () => assertClean(switchedTests(files)));
test("no comment silences a check or leaves work behind", () => assertClean(bannedMarks(files)));
test("every source is reached from an entry", () => assertClean(orphans(files)));
test("every error code has one page and every page a code", () => {
  assertClean(errorPages(Object.keys(errorCodes), files));
});
test("no package is an empty shell", () => assertClean(emptyPackages(files)));
test("every symbol that a package exports has a doc comment", () => assertClean(undocumentedExports(files)));
test("every link in the manuals leads somewhere", () => assertClean(brokenLinks(files, listRepository())));
test("embedded JSON and YAML parses", () => assertClean(brokenData(files)));
test("hosted workflows are pinned, limited and run what package.json names", () => {
  const manifest: { scripts: Record<string, string> } = JSON.parse(
    files.find(({ path }) => path === "package.json")?.text ?? "",
  );
  assertClean(hostedWorkflowProblems(files, new Set(Object.keys(manifest.scripts))));
});
test("TypeScript in the manuals compiles", () => assertClean(brokenSamples(files)));
