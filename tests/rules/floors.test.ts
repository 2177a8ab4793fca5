import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractDepcruiseConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { floors } from "../../scripts/floors.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const workspaces: string[] = [];

after(() => {
  for (const workspace of workspaces) rmSync(workspace, { recursive: true, force: true });
});

/** Builds a workspace with the packages that `files` name, linked as npm links them. */
function plant(files: Record<string, string>): string {
  const workspace = mkdtempSync(join(tmpdir(), "agentflow-floors-"));
  workspaces.push(workspace);
  cpSync(join(root, "tsconfig.json"), join(workspace, "tsconfig.json"));
  const names = new Set(Object.keys(files).flatMap((path) => path.match(/^packages\/([^/]+)/)?.[1] ?? []));
  for (const name of names) {
    const target = join(workspace, "packages", name);
    const link = join(workspace, "node_modules", name === "agentflow" ? name : `@agentflow/${name}`);
    mkdirSync(join(target, "src"), { recursive: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, "junction");
    const manifest = { name, type: "module", exports: { ".": "./src/index.ts" } };
    writeFileSync(join(target, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(target, "src", "index.ts"), `export const ${name} = 1;\n`);
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  return workspace;
}

/** Names the rules that the planted files break. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  const workspace = plant(files);
  const folders = readdirSync(workspace).filter((name) => name === "packages" || name === "examples");
  const { forbidden, options } = await extractDepcruiseConfig(join(root, ".dependency-cruiser.mjs"));
  const tsConfig = extractTSConfig(join(workspace, "tsconfig.json"));
  const { output } = await cruise(
    folders,
    { ...options, ruleSet: { forbidden: forbidden ?? [] }, validate: true, baseDir: workspace },
    options?.enhancedResolveOptions ?? {},
    { tsConfig },
  );
  assert(typeof output === "object");
  return [...new Set(output.summary.violations.map((violation) => violation.rule.name))].sort();
}

const core = { "packages/core/src/index.ts": "export const core = 1;\n" };
const importCore = 'import { core } from "@agentflow/core";\nexport const own = core;\n';

test("an import of a lower floor by its package name passes", async () => {
  assert.deepEqual(await brokenRules({ ...core, "packages/engine/src/own.ts": importCore }), []);
});

test("an import of a higher floor is refused", async () => {
  const own = 'import { runtime } from "@agentflow/runtime";\nexport const own = runtime;\n';
  assert.deepEqual(
    await brokenRules({ "packages/runtime/src/a.ts": "", "packages/engine/src/own.ts": own }),
    ["floor-engine"],
  );
});

test("a sideways import is refused", async () => {
  const own = 'import { tools } from "@agentflow/tools";\nexport const own = tools;\n';
  assert.deepEqual(await brokenRules({ "packages/tools/src/a.ts": "", "packages/engine/src/own.ts": own }), [
    "floor-engine",
  ]);
});

test("a sideways import of a type alone is refused", async () => {
  const own = 'import type { tools } from "@agentflow/tools";\nexport type Own = typeof tools;\n';
  assert.deepEqual(await brokenRules({ "packages/tools/src/a.ts": "", "packages/engine/src/own.ts": own }), [
    "floor-engine",
  ]);
});

test("an adapter is imported by the composition root only", async () => {
  const own = 'import { store } from "@agentflow/store";\nexport const own = store;\n';
  const adapter = { "packages/store/src/a.ts": "" };
  assert.deepEqual(await brokenRules({ ...adapter, "packages/runtime/src/own.ts": own }), []);
  assert.deepEqual(await brokenRules({ ...adapter, "packages/cli/src/own.ts": own }), ["used-by-store"]);
});

test("contract suites are for tests: shipped code does not import them", async () => {
  const own = 'import { contracts } from "@agentflow/contracts";\nexport const own = contracts;\n';
  const suites = { "packages/contracts/src/a.ts": "" };
  assert.deepEqual(await brokenRules({ ...suites, "packages/store/src/own.test.ts": own }), []);
  assert.deepEqual(await brokenRules({ ...suites, "packages/store/src/own.ts": own }), ["used-by-contracts"]);
});

test("a test imports nothing above its own floor", async () => {
  const own = 'import { runtime } from "@agentflow/runtime";\nexport const own = runtime;\n';
  const planted = { "packages/runtime/src/a.ts": "", "packages/engine/src/own.test.ts": own };
  assert.deepEqual(await brokenRules(planted), ["test-floor-engine"]);
});

test("a path into the sources of another package is refused", async () => {
  const own = 'import { inner } from "../../core/src/inner.ts";\nexport const own = inner;\n';
  const inner = { "packages/core/src/inner.ts": "export const inner = 1;\n" };
  assert.deepEqual(await brokenRules({ ...core, ...inner, "packages/engine/src/own.ts": own }), [
    "entry-only",
  ]);
});

test("core uses no module of Node but node:crypto", async () => {
  const crypto = 'import { hash } from "node:crypto";\nexport const own = hash;\n';
  const files = 'import { readFileSync } from "node:fs";\nexport const own = readFileSync;\n';
  assert.deepEqual(await brokenRules({ ...core, "packages/core/src/own.ts": crypto }), []);
  assert.deepEqual(await brokenRules({ ...core, "packages/core/src/own.ts": files }), ["core-has-no-io"]);
});

test("core has no dependency from npm", async () => {
  const planted = {
    ...core,
    "node_modules/left/package.json": '{ "name": "left", "type": "module", "exports": "./index.js" }',
    "node_modules/left/index.js": "export const left = 1;\n",
    "packages/core/src/own.ts": 'import { left } from "left";\nexport const own = left;\n',
  };
  assert.deepEqual(await brokenRules(planted), ["core-has-no-dependency"]);
});

test("a cycle at run time is refused, a cycle of types is not", async () => {
  const value = (other: string): string =>
    `import { ${other} } from "./${other}.ts";\nexport const own = ${other};\n`;
  const type = (other: string): string =>
    `import type { own } from "./${other}.ts";\nexport type Own = typeof own;\n`;
  const cycle = { "packages/core/src/left.ts": value("right"), "packages/core/src/right.ts": value("left") };
  const types = { "packages/core/src/left.ts": type("right"), "packages/core/src/right.ts": type("left") };
  assert.deepEqual(await brokenRules({ ...core, ...cycle }), ["no-cycle"]);
  assert.deepEqual(await brokenRules({ ...core, ...types }), []);
});

test("an import on demand may close a circle", async () => {
  const left = 'export const own = async () => (await import("./right.ts")).own;\n';
  const right = 'import { own as other } from "./left.ts";\nexport const own = other;\n';
  const planted = { "packages/core/src/left.ts": left, "packages/core/src/right.ts": right };
  assert.deepEqual(await brokenRules({ ...core, ...planted }), []);
});

test("a package without a floor is refused", async () => {
  assert.deepEqual(await brokenRules({ ...core, "packages/stray/src/own.ts": importCore }), [
    "unknown-package",
  ]);
});

test("an example imports the published package only", async () => {
  const planted = { ...core, "packages/agentflow/src/a.ts": "" };
  const published = 'import { agentflow } from "agentflow";\nexport const own = agentflow;\n';
  assert.deepEqual(await brokenRules({ ...planted, "examples/first/main.ts": published }), []);
  assert.deepEqual(await brokenRules({ ...planted, "examples/first/main.ts": importCore }), [
    "examples-use-the-published-package",
  ]);
});

test("an import that resolves to nothing is refused", async () => {
  const own = 'import { gone } from "./gone.ts";\nexport const own = gone;\n';
  assert.deepEqual(await brokenRules({ ...core, "packages/core/src/own.ts": own }), ["resolvable"]);
});

test("every package of the repository has a floor", () => {
  const packages = readdirSync(join(root, "packages"));
  const named = new Set(floors.map((each) => each.name));
  assert.deepEqual(
    packages.filter((name) => !named.has(name)),
    [],
  );
});
