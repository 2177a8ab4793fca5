import assert from "node:assert/strict";
import { test } from "node:test";
import { checkArtifactPath } from "./check-artifact-path.ts";
import { runDirectoryName, tenantDirectoryName } from "./run-directory-name.ts";

test("a usual run id is the name of its directory", () => {
  for (const id of ["01JD3ZK5T3ZV4Q8A6XW0N7Y2BC", "run-1", "a_b"]) assert.equal(runDirectoryName(id), id);
});

test("an id that could leave the folder, or fall together with another, gets a name of its own", () => {
  const ids = ["..", "../x", "a/b", "a\\b", "", ".hidden", "nul:", "run 1", "Run-1", "é", "x".repeat(200)];
  const names = new Set(ids.map(runDirectoryName));
  assert.equal(names.size, ids.length);
  for (const name of names) {
    assert.match(name, /^run-[0-9a-f]{40}$/);
    assert.equal(checkArtifactPath(name), name);
  }
});

test("a tenant's directory is named by the same rule", () => {
  assert.equal(tenantDirectoryName("default"), "default");
  assert.match(tenantDirectoryName("../default"), /^tenant-[0-9a-f]{40}$/);
});
