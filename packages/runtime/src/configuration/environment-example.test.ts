import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { environmentExample } from "./environment-example.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

// A variable of tests, and one that every terminal sets.
const notForUsers = new Set(["AF_REQUIRE_SERVICES", "PATH", "TERM"]);

test(".env.example lists every variable that exists", () => {
  assert.equal(readFileSync(`${root}/.env.example`, "utf8"), environmentExample());
});

test("every variable that the sources read is in .env.example", () => {
  const read = new Set<string>();
  for (const path of globSync("packages/*/src/**/*.ts", { cwd: root, exclude: ["**/*.test.ts"] })) {
    const text = readFileSync(`${root}/${path}`, "utf8");
    for (const match of text.matchAll(
      /\b(?:env|environment)(?:\["([A-Z][A-Z_0-9]+)"\]|\.([A-Z][A-Z_0-9]+))/g,
    )) {
      const name = match[1] ?? match[2] ?? "";
      if (!notForUsers.has(name)) read.add(name);
    }
  }
  const listed = environmentExample();
  assert.deepEqual(
    [...read].filter((name) => !listed.includes(`# ${name}=`)),
    [],
  );
});
