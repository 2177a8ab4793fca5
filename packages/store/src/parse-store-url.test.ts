import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "@agentflow/core";
import { parseStoreUrl } from "./parse-store-url.ts";

test("a URL names the memory store or a SQLite file", () => {
  assert.deepEqual(parseStoreUrl("memory:"), { kind: "memory" });
  assert.deepEqual(parseStoreUrl("sqlite:a b/x.db"), { kind: "sqlite", path: "a b/x.db" });
  assert.deepEqual(parseStoreUrl("sqlite:C:\\x.db"), { kind: "sqlite", path: "C:\\x.db" });
});

test("a URL names a MySQL or MariaDB server", () => {
  for (const url of ["mysql://me@host:3307/db", "mariadb://host/db"])
    assert.deepEqual(parseStoreUrl(url), { kind: "mysql", url });
});

test("a URL names a PostgreSQL server", () => {
  for (const url of ["postgres://me@host:5433/db?sslmode=require", "postgresql://host/db"])
    assert.deepEqual(parseStoreUrl(url), { kind: "postgres", url });
});

test("a URL that is refused is told without its password", () => {
  assert.throws(
    () => parseStoreUrl("mongo://me:s3cret@host/db"),
    (error) =>
      error instanceof ConfigError && !JSON.stringify([error.message, error.context]).includes("s3cret"),
  );
});

for (const url of [
  "",
  "postgres:",
  "postgres://",
  "postgres:x",
  "memory",
  "memory:x",
  "sqlite:",
  "mongodb://localhost",
  ":",
  "x.db",
]) {
  test(`the URL ${JSON.stringify(url)} is refused with what is accepted`, () => {
    assert.throws(
      () => parseStoreUrl(url),
      (error) => error instanceof ConfigError && error.hint.includes("memory:"),
    );
  });
}
