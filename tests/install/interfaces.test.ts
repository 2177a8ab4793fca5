import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { publicInterfaces } from "../../scripts/build-package.ts";
import { interfaceChange } from "../../scripts/interface-change.ts";
import { unexportedTypes } from "../rules/signature-rules.ts";

const folder = new URL("../../docs/interfaces/", import.meta.url);
let interfaces: ReadonlyMap<string, string> = new Map();

before(async () => {
  interfaces = await publicInterfaces();
});

test("the public interface is the one in docs/interfaces", () => {
  const snapshots = readdirSync(folder).filter((name) => name.endsWith(".d.ts"));
  assert.deepEqual(snapshots.sort(), [...interfaces.keys()].map((name) => `${name}.d.ts`).sort());
  for (const [name, current] of interfaces) {
    const snapshot = readFileSync(new URL(`${name}.d.ts`, folder), "utf8").replaceAll("\r\n", "\n");
    const change = interfaceChange(snapshot, current);
    const mend = "If the change is meant, run `npm run interfaces`, and say in CHANGELOG.md what it breaks.";
    if (change !== "") assert.fail(`The public interface of ${name} has changed. ${mend}\n${change}`);
  }
});

// What a back end consists of concerns those who write one; everybody else hands it on.
const partsOf = new Map(
  ["StoreBackend", "storedEvents", "eventsOf"].map((name) => [name, "agentflow-contracts"]),
);

test("every type that an exported signature mentions can be imported", () => {
  const declarations = [...interfaces].map(([name, text]) => ({ name, text }));
  assert.equal(declarations[0]?.name, "agentflow");
  assert.deepEqual(unexportedTypes(declarations, partsOf), []);
});
