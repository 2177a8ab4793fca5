import assert from "node:assert/strict";
import { test } from "node:test";
import { append, interrupt, type StandardSchema, value, workflow } from "@agentflow/core";
import { z } from "zod";

const Note = z.object({ topic: z.string(), text: z.string() });
const Draft = z.object({ report: z.string() });
const Decision = z.object({ ok: z.boolean(), edit: z.string().optional() });
const Question = z.object({ question: z.string().min(1) });

const approve = interrupt("approve", { ask: Draft, answer: Decision });

test("schemas of a library that implements Standard Schema type input, state and interrupts (ENG-1, ENG-40)", () => {
  const built = workflow("typed", {
    version: "1",
    state: {
      question: value<string>(),
      notes: append<z.infer<typeof Note>>({ schema: z.array(Note) }),
      report: value("", { schema: z.string() }),
      score: value({ schema: z.number() }),
    },
    input: Question.extend({ score: z.number() }),
    output: z.object({ report: z.string() }),
  })
    .start("write", ({ score }) => ({ notes: [{ topic: "a", text: score.toFixed(1) }] }))
    .node("review", { after: "write" }, async ({ report }, ctx) => {
      const { ok, edit } = await ctx.interrupt(approve, { report });
      return ok ? { report: edit ?? report } : { report: "" };
    })
    .end("review");
  assert.ok(built.model.inputSchema?.["~standard"].validate({ question: "", score: 1 }));
  assert.equal(built.model.fields.report?.schema?.["~standard"].vendor, "zod");
  assert.equal(approve.answer?.["~standard"].vendor, "zod");
});

function refused(): void {
  const state = { question: value<string>() };
  // @ts-expect-error a schema that does not give the input's fields
  workflow("typed", { version: "1", state, input: z.object({ q: z.string() }) });
  // @ts-expect-error a schema of another type than the field
  value("", { schema: z.number() });
  const ask: StandardSchema<unknown, { report: string }> = Draft;
  // @ts-expect-error a schema of another payload
  const other: StandardSchema<unknown, { report: number }> = Draft;
  assert.ok(ask && other);
}

test("schemas that do not fit do not compile", () => {
  assert.equal(typeof refused, "function");
});
