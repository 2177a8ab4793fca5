import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { postgresEnvironment } from "./postgres-environment.ts";

function environmentOf(url: string): Record<string, string | undefined> {
  return postgresEnvironment(new pg.Client({ connectionString: url }), url);
}

test("a URL reaches libpq's programs by their environment, with its password and search path", () => {
  const { PGAPPNAME, ...rest } = environmentOf(
    "postgres://me:p%40ss@db.example:5433/runs?options=-c%20search_path%3Daf&application_name=x",
  );
  assert.equal(PGAPPNAME, "agentflow");
  assert.deepEqual(rest, {
    PGHOST: "db.example",
    PGPORT: "5433",
    PGUSER: "me",
    PGDATABASE: "runs",
    PGPASSWORD: "p@ss",
    PGOPTIONS: "-c search_path=af",
  });
});

test("without a password libpq looks for one where it always does, and encryption is asked for as in the URL", () => {
  assert.equal("PGPASSWORD" in environmentOf("postgres://me@h/d"), false);
  assert.equal(
    environmentOf("postgres://me@h/d?sslmode=verify-full&sslrootcert=/dev/null")["PGSSLMODE"],
    "verify-full",
  );
  assert.equal(environmentOf("postgres://me@h/d?ssl=true")["PGSSLMODE"], "require");
  assert.equal("PGSSLMODE" in environmentOf("postgres://me@h/d"), false);
});
