import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutPassword } from "./without-password.ts";

test("a URL is shown without its password", () => {
  assert.equal(withoutPassword("postgres://me:s3cret@host/db"), "postgres://me@host/db");
  assert.equal(withoutPassword("postgres://me:s@c@r:t@host/db"), "postgres://me@host/db");
  assert.equal(withoutPassword("postgres://host/db?password=s3cret&x=1"), "postgres://host/db?password=&x=1");
});

test("a URL without a password is shown as it is", () => {
  for (const plain of ["sqlite:a:b@c.db", "memory:", "postgres://me@host:5432/db", ""])
    assert.equal(withoutPassword(plain), plain);
});
