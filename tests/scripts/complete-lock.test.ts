import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { completeLock, type LockEntry, platformOf } from "../../scripts/complete-lock.ts";

test("the platform of a prebuilt binary is read from its name", () => {
  assert.deepEqual(platformOf("@own/cli-darwin-arm64"), { os: ["darwin"], cpu: ["arm64"] });
  assert.deepEqual(platformOf("@own/binding-linux-x64-musl"), {
    os: ["linux"],
    cpu: ["x64"],
    libc: ["musl"],
  });
  assert.deepEqual(platformOf("@own/binding-linux-ppc64-gnu"), {
    os: ["linux"],
    cpu: ["ppc64"],
    libc: ["glibc"],
  });
  assert.deepEqual(platformOf("@own/binding-android-arm-eabi"), { os: ["android"], cpu: ["arm"] });
  assert.deepEqual(platformOf("@own/binding-wasm32-wasi"), { os: ["wasi"], cpu: ["wasm32"] });
  assert.equal(platformOf("left-pad"), undefined);
});

const own: LockEntry = { version: "1.0.0", dev: true, optionalDependencies: { "own-linux-x64": "1.0.0" } };

test("a binary that the lock file leaves out is added for its platform", () => {
  assert.deepEqual(completeLock({ "node_modules/own": own })["node_modules/own-linux-x64"], {
    version: "1.0.0",
    cpu: ["x64"],
    os: ["linux"],
    dev: true,
    optional: true,
  });
});

test("a binary that the lock file has stays as it is, also where it is nested", () => {
  for (const path of ["node_modules/own-linux-x64", "node_modules/own/node_modules/own-linux-x64"]) {
    const lock = { "node_modules/own": own, [path]: { version: "1.0.0", optional: true } };
    assert.deepEqual(completeLock(lock), lock);
  }
});

test("a range is not added: its version is unknown", () => {
  const lock = { "node_modules/own": { ...own, optionalDependencies: { "own-linux-x64": "^1.0.0" } } };
  assert.deepEqual(completeLock(lock), lock);
});

test("the lock file of the repository is complete for every platform", () => {
  const lock: { packages: Record<string, LockEntry> } = JSON.parse(
    readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"),
  );
  assert.deepEqual(Object.keys(completeLock(lock.packages)), Object.keys(lock.packages));
});
