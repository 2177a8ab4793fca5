import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { publicInterfaces } from "../../scripts/build-package.ts";
import { interfaceChange } from "../../scripts/interface-change.ts";

const folder = new URL("../../docs/interfaces/", import.meta.url);

test("the public interface is the one in docs/interfaces", async () => {
  const interfaces = await publicInterfaces();
  const snapshots = readdirSync(folder).filter((name) => name.endsWith(".d.ts"));
  assert.deepEqual(snapshots.sort(), [...interfaces.keys()].map((name) => `${name}.d.ts`).sort());
  for (const [name, current] of interfaces) {
    const snapshot = readFileSync(new URL(`${name}.d.ts`, folder), "utf8").replaceAll("\r\n", "\n");
    const change = interfaceChange(snapshot, current);
    const mend = "If the change is meant, run `npm run interfaces`, and say in CHANGELOG.md what it breaks.";
    if (change !== "") assert.fail(`The public interface of ${name} has changed. ${mend}\n${change}`);
  }
});
