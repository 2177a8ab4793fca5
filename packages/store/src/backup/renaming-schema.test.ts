import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import fc from "fast-check";
import { renamingSchema } from "./renaming-schema.ts";

const tables = ["af_runs", "af_steps", "payments"];

async function renamed(script: string, from: string, to: string, chunkSize = 16): Promise<string> {
  const bytes = Buffer.from(script);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) chunks.push(bytes.subarray(at, at + chunkSize));
  return text(Readable.from(chunks).pipe(renamingSchema(from, to, tables)));
}

const before = `CREATE TABLE public.af_runs (
    rid bigint DEFAULT nextval('public.af_runs_rid_seq'),
    status text COLLATE pg_catalog."C", x text DEFAULT notpublic.af_runs() );
COPY public.af_runs (rid, status) FROM stdin;
`;
const after = `SELECT pg_catalog.setval('public.af_runs_rid_seq', 3, true);
ALTER TABLE ONLY public.payments ADD CONSTRAINT p FOREIGN KEY (a) REFERENCES public.af_steps(rid);
CREATE INDEX i ON public.af_runs USING btree (public.length(status));
`;

test("tables and their sequences go into the other schema, everything else stays where it was", async () => {
  assert.equal(
    await renamed(`${before}\\.\n${after}`, "public", '"Side"'),
    `CREATE TABLE "Side".af_runs (
    rid bigint DEFAULT nextval('"Side".af_runs_rid_seq'),
    status text COLLATE pg_catalog."C", x text DEFAULT notpublic.af_runs() );
COPY "Side".af_runs (rid, status) FROM stdin;
\\.
SELECT pg_catalog.setval('"Side".af_runs_rid_seq', 3, true);
ALTER TABLE ONLY "Side".payments ADD CONSTRAINT p FOREIGN KEY (a) REFERENCES "Side".af_steps(rid);
CREATE INDEX i ON "Side".af_runs USING btree (public.length(status));
`,
  );
});

test("rows pass through unchanged, whatever they say and however they are cut", async () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme" }).map((cell) => cell.replaceAll(/[\\\n\r\t]/g, "")),
    fc.constantFrom(
      "public.af_runs",
      "COPY public.af_runs (a) FROM stdin;",
      "\\\\.",
      "\\N",
      ".",
      "",
      "x".repeat(200),
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 3 })),
      fc.integer({ min: 1, max: 90 }),
      async (rows, chunkSize) => {
        const data = rows.map((cells) => `${cells.join("\t")}\n`).join("");
        const script = `${before}${data}\\.\n${after}`;
        const expected = `${await renamed(before, "public", "s2")}${data}\\.\n${await renamed(after, "public", "s2")}`;
        assert.equal(await renamed(script, "public", "s2", chunkSize), expected);
      },
    ),
    { numRuns: 300 },
  );
});

test("a schema that SQL writes in quotes is found too", async () => {
  assert.equal(
    await renamed('DROP TABLE "My $chema".af_steps;\n', '"My $chema"', "public"),
    "DROP TABLE public.af_steps;\n",
  );
});
