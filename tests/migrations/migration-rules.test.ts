import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import checksums from "../../packages/store/src/migrations/checksums.json" with { type: "json" };
import { mysqlMigrations } from "../../packages/store/src/migrations/migrate-mysql.ts";
import { postgresMigrations } from "../../packages/store/src/migrations/migrate-postgres.ts";
import { sqliteMigrations } from "../../packages/store/src/migrations/migrate-sqlite.ts";
import type { Migration } from "../../packages/store/src/migrations/migration.ts";
import { migrationProblems } from "./migration-rules.ts";

const folder = join(import.meta.dirname, "../../packages/store/src/migrations");
const kinds = { sqlite: sqliteMigrations, postgres: postgresMigrations, mysql: mysqlMigrations };

const sound: Migration = {
  version: 1,
  name: "runs",
  up: ["CREATE TABLE af_runs (rid BIGINT)", "CREATE INDEX af_runs_rid ON af_runs (rid)"],
  down: ["DROP TABLE af_runs"],
};

test("the migrations of every store keep the rules and are those that were released", () => {
  assert.deepEqual(migrationProblems(kinds, checksums), []);
});

test("each migration has a file of its own, named after store, version and name", () => {
  const files = readdirSync(folder).filter((name) => /^[a-z]+-\d{4}-/.test(name));
  const expected = Object.entries(kinds).flatMap(([kind, migrations]) =>
    migrations.map(({ version, name }) => `${kind}-${String(version).padStart(4, "0")}-${name}.ts`),
  );
  assert.deepEqual(files.sort(), expected.sort());
});

/** The problems of a list of migrations whose checksums are not looked at. */
function problemsOf(kind: "sqlite" | "postgres" | "mysql", ...migrations: readonly Migration[]): string[] {
  return migrationProblems({ [kind]: migrations }, {}).filter((problem) => !problem.includes("checksum"));
}

test("a sound migration has no problem, with or without a way back", () => {
  for (const kind of ["sqlite", "postgres", "mysql"] as const) {
    assert.deepEqual(problemsOf(kind, sound), []);
    assert.deepEqual(
      problemsOf(kind, { ...sound, down: { irreversible: "the old rows cannot be told apart" } }),
      [],
    );
  }
});

for (const [what, change] of Object.entries({
  "a gap in the versions": { version: 2 },
  "a name that is not in kebab case": { name: "Runs_2" },
  "a way up and no way back": { down: [] },
  "a reason that says nothing": { down: { irreversible: " " } },
  "a table without the prefix": { up: ["CREATE TABLE runs (rid BIGINT)"] },
  "a transaction of its own": { up: ["BEGIN"] },
  "two statements in one": { up: ["CREATE TABLE af_a (x BIGINT); CREATE TABLE af_b (x BIGINT)"] },
  "a dropped table and nothing that is lost": {
    up: ["DROP TABLE af_owners"],
    down: ["CREATE TABLE af_owners (x BIGINT)"],
  },
  "a dropped column and nothing that is lost": {
    up: ["ALTER TABLE af_owners DROP COLUMN x"],
    down: ["ALTER TABLE af_owners ADD COLUMN x BIGINT"],
  },
} satisfies Record<string, Partial<Migration>>)) {
  test(`${what} is found`, () => {
    assert.equal(problemsOf("sqlite", { ...sound, ...change }).length, 1);
  });
}

test("a dropped column that was computed from others loses nothing", () => {
  const up = ["ALTER TABLE af_owners DROP COLUMN x"];
  const down = ["ALTER TABLE af_owners ADD COLUMN x BIGINT GENERATED ALWAYS AS (1) STORED"];
  assert.deepEqual(problemsOf("postgres", { ...sound, up, down }), []);
});

test("what cannot run in a transaction is found on PostgreSQL", () => {
  const up = ["CREATE INDEX CONCURRENTLY af_runs_rid ON af_runs (rid)"];
  assert.equal(problemsOf("postgres", { ...sound, up }).length, 1);
});

test("what a server would not answer for when it is repeated is found on MySQL", () => {
  const up = ["ALTER TABLE af_runs RENAME TO af_old"];
  assert.equal(problemsOf("mysql", { ...sound, up }).length, 1);
});

test("stores whose migrations differ in number or name are found", () => {
  const other = { ...sound, name: "others" };
  assert.equal(migrationProblems({ sqlite: [sound], mysql: [] }, {}).filter(isAboutParity).length, 1);
  assert.equal(migrationProblems({ sqlite: [sound], mysql: [other] }, {}).filter(isAboutParity).length, 1);
});

function isAboutParity(problem: string): boolean {
  return problem.includes("every store");
}

test("a migration that was edited, removed or not recorded is found by its checksum", () => {
  const [recorded] = migrationProblems({ sqlite: [sound] }, {});
  const checksum = /[0-9a-f]{64}/.exec(recorded ?? "")?.[0] ?? "";
  assert.deepEqual(migrationProblems({ sqlite: [sound] }, { "sqlite-0001-runs": checksum }), []);
  const edited = { ...sound, up: ["CREATE TABLE af_runs (rid INTEGER)"] };
  assert.match(
    migrationProblems({ sqlite: [edited] }, { "sqlite-0001-runs": checksum }).join(),
    /sqlite-0001-runs was edited/,
  );
  assert.match(
    migrationProblems({ sqlite: [] }, { "sqlite-0001-runs": checksum }).join(),
    /sqlite-0001-runs was removed/,
  );
});
