import assert from "node:assert/strict";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import ts from "typescript";

const root = resolve(import.meta.dirname, "../..");

interface Cost {
  readonly instantiations: number;
  readonly types: number;
  readonly checkMs: number;
}

/** A workflow in one chain of calls: plain nodes, and a map and a goto in every ten. */
function chainSource(size: number): string {
  const calls = Array.from({ length: size }, (_, index) => {
    const after = `n${index}`;
    const name = `n${index + 1}`;
    if (index % 10 === 9) {
      return `.map("${name}", { after: "${after}", over: (state) => state.topics }, (topic) => ({ notes: [topic] }))`;
    }
    if (index % 10 === 5) {
      const jump = `goto("${after}", { count: 1 })`;
      return `.node("${name}", { after: "${after}", goto: ["${after}"] }, (s) => (s.count > 3 ? { report: "x" } : ${jump}))`;
    }
    return `.node("${name}", { after: "${after}" }, async (state, ctx) => ({ count: state.count + ctx.attempt }))`;
  });
  return `import { append, goto, value, workflow } from "@agentflow/core";
    const state = { topics: value<string[]>([]), notes: append<string>(), report: value(""), count: value(0) };
    export const jump = goto;
    export const chain = workflow("chain", { version: "1", state })
      .start("n0", ({ count }) => ({ count }))
      ${calls.join("\n      ")}
      .end("n${size}");`;
}

function check(source: string): Cost {
  const configuration = ts.readConfigFile(resolve(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(configuration.config.compilerOptions, root);
  const file = resolve(root, "tests/typing/chain.ts");
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion) =>
    name === file ? ts.createSourceFile(name, source, languageVersion) : readSource(name, languageVersion);
  const program = ts.createProgram({ rootNames: [file], options, host });
  const begun = performance.now();
  const errors = program.getSemanticDiagnostics(program.getSourceFile(file));
  const checkMs = performance.now() - begun;
  assert.deepEqual(
    errors.map((error) => ts.flattenDiagnosticMessageText(error.messageText, "\n")),
    [],
  );
  return { instantiations: program.getInstantiationCount(), types: program.getTypeCount(), checkMs };
}

test("checking a workflow of 200 nodes costs in proportion to its nodes (ENG-1)", (context) => {
  const [one, hundred, twoHundred] = [1, 100, 200].map((size) => check(chainSource(size))) as [
    Cost,
    Cost,
    Cost,
  ];
  context.diagnostic(`1 node ${one.checkMs.toFixed()} ms, 200 nodes ${twoHundred.checkMs.toFixed()} ms`);
  for (const cost of ["instantiations", "types"] as const) {
    const first = hundred[cost] - one[cost];
    const second = twoHundred[cost] - hundred[cost];
    context.diagnostic(`${cost}: ${(second / 100).toFixed(1)} a node`);
    assert.ok(second < first * 1.2, `${cost}: 99 nodes cost ${first}, the next 100 ${second}`);
  }
  // At 330 a node tsc checks 200 nodes in 0.3 to 0.4 s on two cores; the bound stays below a second.
  const perNode = (twoHundred.instantiations - one.instantiations) / 199;
  assert.ok(perNode < 600, `${perNode} instantiations a node`);
});
