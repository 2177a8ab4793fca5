import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const bootstrap = fileURLToPath(new URL("../../scripts/bootstrap.mjs", import.meta.url));
const posixOnly = process.platform === "win32" ? "the stand-in for npm is a shell script" : false;
const checkouts: string[] = [];

after(() => {
  for (const checkout of checkouts) rmSync(checkout, { recursive: true, force: true });
});

function lockFile(version: string): string {
  const left = { version };
  const foreign = { version: "1.0.0", optional: true };
  return JSON.stringify({ packages: { "": {}, "node_modules/left": left, "node_modules/foreign": foreign } });
}

// Stands in for npm: writes down how it was called and installs what the lock file names.
const npm = `#!/bin/sh
echo "npm $*"
echo "$1" >> installs
[ -e refuse ] && exit 3
mkdir -p node_modules/node/bin
sed 's/"node_modules.foreign":[^}]*}/"else":{}/' package-lock.json > node_modules/.package-lock.json
printf '#!/bin/sh\\nNODE_INSTALLED=yes exec "%s" "$@"\\n' "${process.execPath}" > node_modules/node/bin/node
chmod +x node_modules/node/bin/node
`;

/** Makes a fresh checkout whose entry prints what it was started with and ends with 7. */
function freshCheckout(): string {
  const checkout = mkdtempSync(join(tmpdir(), "agentflow-bootstrap-"));
  checkouts.push(checkout);
  mkdirSync(join(checkout, "scripts"));
  mkdirSync(join(checkout, "bin"));
  copyFileSync(bootstrap, join(checkout, "scripts", "bootstrap.mjs"));
  writeFileSync(join(checkout, "package-lock.json"), lockFile("1.0.0"));
  writeFileSync(join(checkout, "bin", "npm"), npm);
  chmodSync(join(checkout, "bin", "npm"), 0o755);
  const entry = `const [, , ...rest]: string[] = process.argv;
console.log(JSON.stringify({ rest, installed: process.env["NODE_INSTALLED"] ?? "no" }));
process.exitCode = 7;
`;
  writeFileSync(join(checkout, "entry.ts"), entry);
  return checkout;
}

function start(
  checkout: string,
  node = process.execPath,
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(node, [join(checkout, "scripts", "bootstrap.mjs"), "entry.ts", "--flag", "a b"], {
    cwd: tmpdir(),
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(checkout, "bin")}${delimiter}${process.env["PATH"]}` },
  });
}

function installsOf(checkout: string): string[] {
  const path = join(checkout, "installs");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

function olderNode(): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const node = join(folder, "node");
    if (!existsSync(node)) continue;
    const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
    if (/^v2[0-3]\./.test(version)) return node;
  }
  return undefined;
}

test("a fresh checkout installs once, then starts the entry with its arguments", { skip: posixOnly }, () => {
  const checkout = freshCheckout();
  const first = start(checkout);
  assert.equal(first.status, 7, first.stderr);
  assert.deepEqual(JSON.parse(first.stdout).rest, ["--flag", "a b"]);
  const second = start(checkout);
  assert.equal(second.status, 7);
  assert.equal(second.stderr, "");
  assert.deepEqual(installsOf(checkout), ["ci"]);
});

test("the report of the install never mixes with the data on stdout", { skip: posixOnly }, () => {
  const { stdout, stderr } = start(freshCheckout());
  assert.match(stderr, /npm ci/);
  assert.equal(stdout.trim().split("\n").length, 1);
});

test("a changed lock file brings the installed tree up to date", { skip: posixOnly }, () => {
  const checkout = freshCheckout();
  start(checkout);
  writeFileSync(join(checkout, "package-lock.json"), lockFile("2.0.0"));
  start(checkout);
  start(checkout);
  assert.deepEqual(installsOf(checkout), ["ci", "install"]);
});

test("a failed install ends with the reason and starts nothing", { skip: posixOnly }, () => {
  const checkout = freshCheckout();
  writeFileSync(join(checkout, "refuse"), "");
  const { status, stdout, stderr } = start(checkout);
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /The install failed: npm ci ended with 3/);
});

const older = olderNode();

test("an older Node hands over to the installed one and passes its exit code on", {
  skip: posixOnly || (older === undefined ? "no Node 20 to 23 on the PATH" : false),
}, () => {
  assert(older !== undefined);
  const { status, stdout, stderr } = start(freshCheckout(), older);
  assert.equal(status, 7, stderr);
  assert.equal(JSON.parse(stdout).installed, "yes");
});

test("without an entry it says how it is used", () => {
  const { status, stderr } = spawnSync(process.execPath, [bootstrap], {
    encoding: "utf8",
    cwd: dirname(bootstrap),
  });
  assert.equal(status, 2);
  assert.match(stderr, /usage:/);
});
