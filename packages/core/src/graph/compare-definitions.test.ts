import assert from "node:assert/strict";
import { test } from "node:test";
import type { StateSpec } from "../state/field.ts";
import { sum } from "../state/number-fields.ts";
import { value } from "../state/value.ts";
import { compareDefinitions } from "./compare-definitions.ts";
import type { Workflow } from "./model.ts";
import { nested } from "./nested.ts";
import { workflow } from "./workflow.ts";

const nothing = () => undefined;

function parentOf(state: StateSpec, childVersion: string): Workflow {
  const child = workflow<StateSpec>("child", { version: childVersion, state }).start("x", nothing).end("x");
  return workflow<StateSpec>("parent", { version: "1", state })
    .start("a", nothing)
    .node("inner", { after: "a" }, nested(child, { input: () => ({}), output: () => ({}) }))
    .end("inner");
}

function compare(stored: Workflow, current: Workflow) {
  return compareDefinitions(stored.description, current.description);
}

test("equal definitions are compatible and show no difference", () => {
  assert.deepEqual(compare(parentOf({ count: sum() }, "1"), parentOf({ count: sum() }, "1")), {
    compatible: true,
    differences: [],
    additions: [],
  });
});

test("a new field with a default is compatible and named, at every depth (S19)", () => {
  const current = parentOf({ count: sum(), report: value("") }, "1");
  assert.deepEqual(compare(parentOf({ count: sum() }, "1"), current), {
    compatible: true,
    differences: [],
    additions: [
      'field "report" is new, with a default',
      'node "inner", field "report" is new, with a default',
    ],
  });
});

test("all else is a difference, named with its place, before and after", () => {
  const before = workflow("sample", { version: "1", state: { count: sum(), old: sum() } })
    .start("a", nothing)
    .node("b", { after: "a" }, nothing)
    .node("gone", { after: "a" }, nothing)
    .end("b", "gone");
  const after = workflow("sample", { version: "2", state: { count: sum(1), needed: value<string>() } })
    .start("a", nothing)
    .node("b", { after: "a", goto: ["a"] }, nothing)
    .node("fresh", { after: "a" }, nothing)
    .end("b", "fresh");
  assert.deepEqual(compare(before, after), {
    compatible: false,
    differences: [
      'version: "1" became "2"',
      'exits: ["b","gone"] became ["b","fresh"]',
      'field "count": {"initial":0,"kind":"sum","presence":"optional","reducer":"sum"} became ' +
        '{"initial":1,"kind":"sum","presence":"optional","reducer":"sum"}',
      'field "needed" is new and has no default',
      'field "old" was removed',
      'node "a", edges: [{"kind":"plain","to":"b"},{"kind":"plain","to":"gone"}] became ' +
        '[{"kind":"plain","to":"b"},{"kind":"plain","to":"fresh"}]',
      'node "b", gotos: [] became ["a"]',
      'node "fresh" is new',
      'node "gone" was removed',
    ],
    additions: [],
  });
});

test("a change inside a nested workflow is named with the node that runs it", () => {
  const { differences } = compare(parentOf({ count: sum() }, "1"), parentOf({ count: sum() }, "2"));
  assert.deepEqual(differences, ['node "inner", version: "1" became "2"']);
});

test("a body that becomes a nested workflow, or ceases to be one, is a difference", () => {
  const asFunction = workflow<StateSpec>("parent", { version: "1", state: { count: sum() } })
    .start("a", nothing)
    .node("inner", { after: "a" }, nothing)
    .end("inner");
  const asNested = parentOf({ count: sum() }, "1");
  assert.deepEqual(compare(asFunction, asNested).differences, [
    'node "inner", nested: nothing became "child"',
  ]);
  assert.deepEqual(compare(asNested, asFunction).differences, [
    'node "inner", nested: "child" became nothing',
  ]);
});

test("names that every object has are names like any other", () => {
  const plain = workflow<StateSpec>("sample", { version: "1", state: {} }).dynamic().start("a", nothing);
  const before = plain.end("a");
  const after = plain.node("toString", { after: "a" }, nothing).end("a", "toString");
  assert.ok(compare(before, after).differences.includes('node "toString" is new'));
});
