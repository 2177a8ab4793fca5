import assert from "node:assert/strict";
import { test } from "node:test";
import { sum } from "../state/number-fields.ts";
import { toMermaid } from "./mermaid.ts";
import { nested } from "./nested.ts";
import { workflow } from "./workflow.ts";

const nothing = () => undefined;
const options = { version: "1", state: { count: sum() } };

test("a workflow is drawn with its entry, exits, maps, joins, routes, gotos and nested workflows (ENG-4)", () => {
  const child = workflow("child", options).start("inside", nothing).end("inside");
  const drawn = toMermaid(
    workflow("sample", options)
      .start("plan", nothing)
      .map("read", { after: "plan", over: () => [1], concurrency: 8 }, nothing)
      .map("scan", { after: ["plan"], over: () => [1] }, nothing)
      .node("write", { after: ["read", "scan"] }, nothing)
      .node("check", { after: ["write"], join: { when: "settled" }, goto: ["write"] }, nothing)
      .route("check", { to: ["call", "plan"] }, () => "call")
      .node("call", {}, nested(child, { input: () => ({}), output: () => ({}) }))
      .end("check", "call"),
  );
  assert.equal(
    drawn,
    `flowchart TD
  n0["plan"]
  n1[["read (per item, 8 at a time)"]]
  n2[["scan (per item, joins all)"]]
  n3{{"write (joins all)"}}
  n4{{"check (joins those that arrive)"}}
  subgraph n5["call: child"]
    n5_n0["inside"]
    n5_start((" "))
    n5_exit(((" ")))
    n5_start --> n5_n0
    n5_n0 --> n5_exit
  end
  start((" "))
  exit(((" ")))
  start --> n0
  n0 --> n1
  n0 --> n2
  n1 --> n3
  n2 --> n3
  n3 --> n4
  n4 -.->|"?"| n5
  n4 -.->|"?"| n0
  n4 -.->|"goto"| n3
  n4 --> exit
  n5 --> exit
`,
  );
});
