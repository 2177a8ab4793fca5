import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { environmentChecks, type Machine, placeOf, versionChecks } from "./environment-checks.ts";
import { folderCheck } from "./project-checks.ts";
import { fitsRange } from "./version-range.ts";

function machine(parts: Partial<Machine> & { readonly files?: Readonly<Record<string, string>> }): Machine {
  const { files = {}, ...rest } = parts;
  return {
    environment: {},
    nodeVersion: "v24.21.0",
    exists: (path) => Object.hasOwn(files, path),
    readText: (path) => files[path] ?? "",
    toolVersion: () => undefined,
    ...rest,
  };
}

test("versions fit ranges as npm reads them", () => {
  const cases: readonly [string, string, boolean | undefined][] = [
    ["24.21.0", ">=24", true],
    ["20.1.0", ">=24", false],
    ["v24.21.0", "24.x", true],
    ["25.0.0", "24.x", false],
    ["24.21.0", "^24.1.0", true],
    ["24.0.9", "^24.1.0", false],
    ["0.3.1", "^0.2.0", false],
    ["0.2.9", "^0.2.1", true],
    ["1.2.9", "~1.2.3", true],
    ["1.3.0", "~1.2.3", false],
    ["24.21.0", ">=22 <24", false],
    ["23.9.9", ">=22 <24", true],
    ["24.5.0", ">24", false],
    ["25.0.0", ">24", true],
    ["24.5.0", "<=24", true],
    ["24.21.0", "22 || 24", true],
    ["24.21.0", ">= 24", true],
    ["24.21.0", "24.21.0", true],
    ["24.21.1", "=24.21.0", false],
    ["24.21.0", "*", true],
    ["24.21.0", "latest", undefined],
    ["nightly", ">=24", undefined],
  ];
  for (const [version, range, expected] of cases) {
    assert.equal(fitsRange(version, range), expected, `${version} in ${range}`);
  }
});

test("an old Node is an error", () => {
  const statuses = environmentChecks(machine({ nodeVersion: "v20.0.0" })).map((check) => check.status);
  assert.deepEqual(statuses, ["ok", "error"]);
  assert.ok(environmentChecks(machine({})).every((check) => check.status === "ok"));
});

test("a dev container is told from a host", () => {
  assert.equal(placeOf(machine({})), "host");
  assert.equal(placeOf(machine({ environment: { CODESPACES: "true" } })), "dev container");
  assert.equal(placeOf(machine({ files: { "/.dockerenv": "" } })), "dev container");
});

test("on a host a tool that is missing or differs from the pinned version is a warning", () => {
  const pinned = (engines: object): Machine =>
    machine({
      files: { "/project/package.json": JSON.stringify({ engines }) },
      toolVersion: (tool) => (tool === "npm" ? "9.1.0" : undefined),
    });
  const at = (engines: object): string[] =>
    versionChecks(pinned(engines), "/project/deep/inside").map((check) => check.status);
  assert.deepEqual(at({ node: ">=24", npm: ">=9" }), ["ok", "ok"]);
  assert.deepEqual(at({ node: "^22", npm: ">=10", pnpm: "9", bun: "next" }), [
    "warning",
    "warning",
    "warning",
    "warning",
  ]);
  const container = { ...pinned({ node: "^22" }), environment: { DEVCONTAINER: "1" } };
  assert.deepEqual(
    versionChecks(container, "/project").map((check) => check.status),
    ["skipped"],
  );
});

test("a project that pins nothing is skipped, and a broken package.json is a warning", () => {
  const statusOf = (files: Record<string, string>): string[] =>
    versionChecks(machine({ files }), "/p").map((check) => check.status);
  assert.deepEqual(statusOf({}), ["skipped"]);
  assert.deepEqual(statusOf({ "/p/package.json": "{}" }), ["skipped"]);
  assert.deepEqual(statusOf({ "/p/package.json": "{" }), ["warning"]);
});

test("a folder that does not exist yet is fine where it can be made", () => {
  assert.equal(folderCheck("f", join(tmpdir(), "agentflow-none", "deeper")).status, "ok");
  assert.equal(folderCheck("f", join(import.meta.filename, "deeper")).status, "error");
});
