import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { service } from "../services.ts";
import { storeNames, type TemporaryPlace, temporaryPlace } from "../store-place.ts";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const services = { sqlite: undefined, postgres: "postgres", mysql: "mariadb" } as const;
const input = ["--input", '{"name":"Ada"}', "--run-id", "r"];

async function ranIn(place: TemporaryPlace, cwd: string): Promise<void> {
  const ran = await af(["run", fixture("workflows/greet.ts"), ...input, "--store", place.url], { cwd });
  assert.equal(ran.code, 0, ran.stderr);
}

for (const store of storeNames) {
  const name = services[store];
  const needed = name === undefined ? { skip: false } : await service(name);

  test(
    `af backup and af restore bring a run of ${store} into another store`,
    needed,
    async (context: TestContext) => {
      const cwd = temporaryFolder(context);
      const from = await temporaryPlace(store, cwd);
      context.after(() => from.drop());
      const to = await temporaryPlace(store, join(cwd, "other"));
      context.after(() => to.drop());
      await ranIn(from, cwd);

      const made = await af(["backup", "--to", "b", "--store", from.url, "--json"], { cwd });
      assert.equal(made.code, 0, made.stderr);
      const backup = JSON.parse(made.stdout);
      assert.deepEqual([backup.kind, backup.runs, backup.directory], [store, 1, join(cwd, "b")]);
      assert.match(made.stderr, /1 run and 0 artifacts, .* in /);
      const checked = await af(["restore", "b", "--check"], { cwd });
      assert.deepEqual([checked.code, checked.stdout.slice(0, 14)], [0, "whole: 1 file,"], checked.stderr);

      const restored = await af(["restore", "b", "--store", to.url], { cwd });
      assert.equal(restored.code, 0, restored.stderr);
      assert.match(restored.stderr, /1 run as of 20\d\d-.* in \d/);
      const replayed = await af(["replay", "r", "--store", to.url], { cwd });
      assert.equal(replayed.code, 0, replayed.stderr);
      const again = await af(["restore", "b", "--store", to.url], { cwd });
      assert.equal(again.code, 3);
      assert.match(again.stderr, /AF_STORE_NOT_EMPTY/);
      assert.equal((await af(["restore", "b", "--store", to.url, "--force"], { cwd })).code, 0);
    },
  );
}

test("af backup and af restore say what is missing or in the way", async (context) => {
  const cwd = temporaryFolder(context);
  mkdirSync(join(cwd, "full"));
  writeFileSync(join(cwd, "full/x"), "");
  writeFileSync(join(cwd, "file"), "");
  for (const [words, code, pattern] of [
    [["backup"], 2, /af backup --to FOLDER/],
    [["backup", "--to", "b"], 1, /There is no store/],
    [["backup", "--to", "b", "--store", "memory:"], 3, /AF_CONFIG/],
    [["backup", "--to", "full"], 3, /full is there already, and not empty/],
    [["backup", "--to", "file"], 3, /file is there already/],
    [["restore"], 2, /backup/],
    [["restore", "nowhere"], 3, /AF_BACKUP_INVALID.*nowhere/],
    [["restore", "file"], 3, /AF_BACKUP_INVALID/],
    [["restore", "full", "--check"], 3, /manifest\.json/],
  ] as const) {
    const ended = await af(words, { cwd });
    assert.deepEqual([ended.code, ended.stdout], [code, ""], `${words.join(" ")}\n${ended.stderr}`);
    assert.match(ended.stderr, pattern);
  }
  assert.deepEqual(readdirSync(cwd).sort(), ["file", "full"]);
});

test(
  "a backup is restored into a store of its own kind only",
  await service("postgres"),
  async (context: TestContext) => {
    const cwd = temporaryFolder(context);
    const [file, server] = [await temporaryPlace("sqlite", cwd), await temporaryPlace("postgres", cwd)];
    context.after(() => server.drop());
    await ranIn(file, cwd);
    assert.equal((await af(["backup", "--to", "b", "--store", file.url], { cwd })).code, 0);
    const ended = await af(["restore", "b", "--store", server.url], { cwd });
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /a sqlite store .* a postgres one/);
  },
);

const secret = "s3cret-word";

for (const [store, tool, needed] of [
  ["postgres", "pg_dump", await service("postgres")],
  ["mysql", "mariadb-dump", await service("mariadb")],
] as const) {
  test(
    `${tool} that is missing is named with what to install; one that is there gets no password among its arguments`,
    needed,
    async (context: TestContext) => {
      const cwd = temporaryFolder(context);
      const place = await temporaryPlace(store, cwd);
      context.after(() => place.drop());
      await ranIn(place, cwd);
      const url = place.url.replace(/(postgres|root)@/, `$1:${secret}@`);
      const words = ["backup", "--to", "b", "--store", store === "postgres" ? url : place.url];
      const missing = await af(words, { cwd, env: { PATH: join(cwd, "empty") } });
      assert.equal(missing.code, 3);
      assert.match(missing.stderr, new RegExp(`AF_CONFIG ${tool}.*not installed`));
      assert.match(missing.stderr, /Install the client programs/);

      // A stand-in that writes down what it was called with, and fails.
      const bin = join(cwd, "bin");
      mkdirSync(bin);
      const script = `#!/bin/sh\n[ "$1" = --version ] && { echo "${tool} 1"; exit 0; }\nenv > ${bin}/env\necho "$@" > ${bin}/arguments\necho broken pipe dream >&2\nexit 7\n`;
      writeFileSync(join(bin, tool), script);
      chmodSync(join(bin, tool), 0o755);
      const failed = await af(words, { cwd, env: { PATH: `${bin}:${process.env["PATH"]}` } });
      assert.equal(failed.code, 1);
      assert.match(failed.stderr, /AF_STORE_FAILED.*ended with 7: broken pipe dream/);
      assert.doesNotMatch(failed.stderr, new RegExp(secret));
      assert.doesNotMatch(readFileSync(join(bin, "arguments"), "utf8"), new RegExp(secret));
      if (store === "postgres")
        assert.match(readFileSync(join(bin, "env"), "utf8"), new RegExp(`PGPASSWORD=${secret}`));
      assert.equal(existsSync(join(cwd, "b")), false);
      assert.deepEqual(
        readdirSync(cwd).filter((name) => name.includes("partial")),
        [],
      );
    },
  );
}
