import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { publishedManifest, type WorkspaceManifest } from "../../scripts/published-manifest.ts";

const own: WorkspaceManifest = {
  name: "agentflow",
  version: "1.2.3",
  exports: { ".": "./src/index.ts", "./testing": "./src/testing.ts" },
  bin: { af: "./src/af.ts" },
  dependencies: { "@agentflow/cli": "1.2.3" },
};
const cli: WorkspaceManifest = {
  name: "@agentflow/cli",
  version: "1.2.3",
  dependencies: { "@agentflow/store": "1.2.3", commander: "15.1.0" },
};
const store: WorkspaceManifest = {
  name: "@agentflow/store",
  version: "1.2.3",
  dependencies: { yaml: "2.9.1" },
  peerDependencies: { pg: "^8.0.0" },
  peerDependenciesMeta: { pg: { optional: true } },
};
const unused: WorkspaceManifest = {
  name: "@agentflow/api",
  version: "1.2.3",
  dependencies: { fastify: "5.0.0" },
};

function published(...members: WorkspaceManifest[]): ReturnType<typeof publishedManifest> {
  return publishedManifest(own, new Map([own, ...members].map((each) => [each.name, each])));
}

test("entries and commands point into the build", () => {
  const { exports, bin } = published(cli, store);
  assert.deepEqual(exports, {
    ".": { types: "./index.d.ts", default: "./index.js" },
    "./testing": { types: "./testing.d.ts", default: "./testing.js" },
    "./package.json": "./package.json",
  });
  assert.deepEqual(bin, { af: "af.js" });
});

test("what bundled workspaces need from npm becomes a dependency, the workspaces themselves vanish", () => {
  assert.deepEqual(published(cli, store, unused).dependencies, { commander: "15.1.0", yaml: "2.9.1" });
});

test("an optional driver of a bundled workspace stays an optional peer", () => {
  const manifest = published(cli, store);
  assert.deepEqual(manifest.peerDependencies, { pg: "^8.0.0" });
  assert.deepEqual(manifest["peerDependenciesMeta"], { pg: { optional: true } });
});

test("two versions of one dependency are refused", () => {
  const other = { ...store, dependencies: { commander: "14.0.0" } };
  assert.throws(() => published(cli, other), /asks for commander@14\.0\.0, another workspace for 15\.1\.0/);
});

test("an entry outside src is refused", () => {
  const manifest = { ...own, exports: { ".": "./lib/index.js" } };
  assert.throws(() => publishedManifest(manifest, new Map()), /"\.\/lib\/index\.js" is no entry/);
});

test("all workspaces carry one version", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const versions = ["package.json", ...globSync("packages/*/package.json", { cwd: root })].map((path) => {
    const { name, version }: WorkspaceManifest = JSON.parse(readFileSync(`${root}/${path}`, "utf8"));
    return { name, version };
  });
  assert.deepEqual(
    versions.filter(({ version }) => version !== versions[0]?.version),
    [],
  );
});
