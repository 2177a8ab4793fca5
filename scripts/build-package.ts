import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type InlineConfig } from "tsdown";
import {
  builtEntry,
  type PublishedManifest,
  publishedManifest,
  type WorkspaceManifest,
} from "./published-manifest.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages", "agentflow");

/** The folder that a build goes to by default: what the tarball contains, and nothing else. */
export const packageFolder = join(source, "dist");

function readManifest(path: string): WorkspaceManifest {
  return JSON.parse(readFileSync(path, "utf8"));
}

function readManifests(): { own: WorkspaceManifest; published: PublishedManifest } {
  const own = readManifest(join(source, "package.json"));
  const paths = globSync("packages/*/package.json", { cwd: root });
  const workspaces = new Map(
    paths.map((path) => readManifest(join(root, path))).map((each) => [each.name, each]),
  );
  return { own, published: publishedManifest(own, workspaces) };
}

function bundlerOptions(folder: string, published: PublishedManifest): InlineConfig {
  // A package and what lies in it: `mysql2` and `mysql2/promise`.
  const outside = Object.keys({ ...published.dependencies, ...published.peerDependencies }).map(
    (name) => new RegExp(`^${RegExp.escape(name)}(/|$)`),
  );
  return {
    config: false,
    cwd: source,
    outDir: folder,
    format: "esm",
    platform: "node",
    target: "node24",
    fixedExtension: false,
    tsconfig: join(source, "tsconfig.json"),
    deps: { alwaysBundle: [/^@agentflow\//], neverBundle: outside },
    clean: false,
    report: false,
    checks: { bundlerTimings: false },
    logLevel: "warn",
    failOnWarn: true,
  };
}

function entriesOf(record: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.values(record ?? {}).map((path) => [builtEntry(path), path]));
}

// A thread is started by its file's name, which has to lie beside whatever chunk starts it.
function threadEntries(): Record<string, string> {
  const paths = globSync("packages/*/src/**/*-thread.ts", { cwd: root });
  return Object.fromEntries(paths.map((path) => [basename(path, ".ts"), join(root, path)]));
}

/**
 * Bundles the private workspaces, with their declarations, into `folder`, which is emptied first. A warning of the
 * bundler is an error.
 */
export async function buildPackage(folder = packageFolder): Promise<void> {
  const { own, published } = readManifests();
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...bundlerOptions(folder, published),
    entry: { ...entriesOf(own.exports), ...entriesOf(own.bin), ...threadEntries() },
    dts: { cwd: source, eager: true, entry: Object.values(own.exports ?? {}).map((path) => path.slice(2)) },
  });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, undefined, 2)}\n`);
  for (const name of ["README.md", "LICENSE", "CHANGELOG.md"]) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name));
  }
}

// One export a line, so that a difference shows the export and not the list.
function listExports(text: string): string {
  return text.replace(
    /^export \{ (.*) \};\s*$/m,
    (_, names: string) => `export {\n  ${names.split(", ").join(",\n  ")},\n};\n`,
  );
}

/** Gives the declarations of each public entry as one text, by the name of its snapshot: `agentflow`. */
export async function publicInterfaces(): Promise<Map<string, string>> {
  const { own, published } = readManifests();
  const folder = mkdtempSync(join(tmpdir(), "agentflow-interfaces-"));
  const texts = new Map<string, string>();
  try {
    for (const [name, path] of Object.entries(entriesOf(own.exports))) {
      // One build an entry: what two entries share is then in the snapshot of both, under no chunk's name.
      await build({
        ...bundlerOptions(join(folder, name), published),
        entry: { [name]: path },
        dts: { cwd: source, eager: true, emitDtsOnly: true },
      });
      const text = readFileSync(join(folder, name, `${name}.d.ts`), "utf8");
      texts.set(name === "index" ? own.name : `${own.name}-${name}`, listExports(text));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return texts;
}
