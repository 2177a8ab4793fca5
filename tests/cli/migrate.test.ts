import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { migrationKinds } from "../migrations/migration-kinds.ts";
import { service } from "../services.ts";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

for (const kind of migrationKinds) {
  const needed = kind.service === undefined ? { skip: false } : await service(kind.service);
  const newest = kind.migrations.length;

  test(
    `af migrate takes a ${kind.name} store up, down after --yes, and up again`,
    needed,
    async (context: TestContext) => {
      const database = await kind.create();
      context.after(() => database.drop());
      const cwd = temporaryFolder(context);
      const migrate = (...words: string[]) => af(["migrate", ...words, "--store", database.url], { cwd });

      const before = await migrate("status", "--json");
      const pending = JSON.parse(before.stdout);
      assert.deepEqual([pending.version, pending.pending], [0, newest]);
      const up = await migrate("up");
      assert.deepEqual([up.code, up.stdout], [0, `version 0 -> ${newest}\n`], up.stderr);
      const again = await migrate("up");
      assert.deepEqual([again.code, again.stdout], [0, `version ${newest}\n`], again.stderr);

      const input = ["--input", '{"name":"Ada"}', "--run-id", "r"];
      const ran = await af(["run", fixture("workflows/greet.ts"), ...input, "--store", database.url], {
        cwd,
      });
      assert.equal(ran.code, 0, ran.stderr);
      const refused = await migrate("down", "--to", "0");
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /every run with its steps.*the store holds 1 run\)/);
      assert.match(refused.stderr, /--yes/);
      assert.equal(await database.version(), newest);
      const down = await migrate("down", "--to", "0", "--yes");
      assert.deepEqual([down.code, down.stdout], [0, `version ${newest} -> 0\n`], down.stderr);
      const status = await migrate("status");
      assert.match(status.stdout, /1 +runs +pending/);
      assert.equal((await migrate("up", "--steps", "1")).stdout, "version 0 -> 1\n");
      assert.match((await migrate("status")).stdout, /1 +runs +applied +20\d\d-/);
    },
  );
}

test("af migrate says what it cannot do, and makes no file to look at", async (context) => {
  const cwd = temporaryFolder(context);
  for (const [words, code, pattern] of [
    [["migrate", "sideways"], 2, /af migrate up/],
    [["migrate"], 2, /action/],
    [["migrate", "up", "--to", "1", "--steps", "1"], 2, /exclude each other/],
    [["migrate", "up", "--to", "x"], 2, /--to is "x"/],
    [["migrate", "up", "--to", "99"], 3, /no schema version 99/],
    [["migrate", "down", "--to", "1"], 2, /af migrate up --to 1/],
    [["migrate", "status", "--store", "memory:"], 3, /memory/],
  ] as const) {
    const ended = await af(words, { cwd });
    assert.deepEqual([ended.code, ended.stdout], [code, ""], words.join(" "));
    assert.match(ended.stderr, pattern);
  }
  assert.equal((await af(["migrate", "status"], { cwd })).code, 0);
  assert.equal(existsSync(join(cwd, ".agentflow")), false);
});
