// Writes docs/query-catalogue.md: each kind of question with its SQL, its plan and its output on a small dataset.
//
//   node scripts/generate-query-catalogue.ts
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Answer,
  type AskOptions,
  buildRollups,
  compareYears,
  generateSales,
  loadDataset,
  OpenDataset,
  type Question,
  type Receipt,
  rowsToMarkdown,
  sales,
} from "@agentflow/analytics";
import { catalogue, type Entry, type Shown } from "./catalogue-entries.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const rowsMax = 8;

const introduction = `# Query catalogue

Each kind of question with the command that asks it, its SQL, its plan and its answer. The dataset is small, so that the
SQL is short: it has a folder for each year in place of each month. This page is made by
\`node scripts/generate-query-catalogue.ts\`, and a test compares it with what that gives now.

\`\`\`sh
af analytics generate --rows 20000 --customers 200 --partition-by year --format both
\`\`\`

How such SQL comes about is told in [storage and planner](concepts/analytics-storage.md).
`;

/** The text of the page. */
export async function queryCatalogue(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "agentflow-catalogue-"));
  const directory = join(folder, "sales");
  try {
    await generateSales(directory, {
      rows: 20_000,
      customers: 200,
      partitionBy: ["year"],
      formats: ["parquet", "csv"],
    });
    await buildRollups(sales, directory);
    using dataset = await OpenDataset.open(sales, directory);
    const sections: string[] = [];
    for (const group of catalogue) {
      sections.push(`## ${group.title}\n`);
      for (const entry of group.entries) sections.push(await section(entry, dataset));
    }
    sections.push(await tablesSection(dataset, folder));
    return `${introduction}\n${sections.join("\n")}`.replaceAll(directory, "data/sales");
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function section(entry: Entry, dataset: OpenDataset<typeof sales>): Promise<string> {
  const { title, about, command } = entry;
  const head = [`### ${title}\n`, `${about}\n`, `\`\`\`sh\n${command}\n\`\`\`\n`];
  if ("sql" in entry) {
    const answer = await dataset.sql(entry.sql, entry.parameters);
    return [...head, sqlBlock(entry.sql, entry.parameters), outputOf(answer)].join("\n");
  }
  const question = questionOf(entry);
  if (entry.ways !== undefined) return [...head, await comparison(entry.ways, question, dataset)].join("\n");
  const options = { rollups: entry.rollup === true };
  const { sql, parameters } = dataset.plan(question, options);
  const answer = await dataset.ask(question, options);
  return [
    ...head,
    sqlBlock(sql, parameters),
    `\`\`\`text\n${await dataset.explain(question, { ...options, tree: true })}\n\`\`\`\n`,
    readLine(answer.receipt),
    outputOf(answer as Answer),
  ].join("\n");
}

function questionOf({ question, yearOnYear }: Shown): Question<typeof sales> {
  const asked = yearOnYear === true ? compareYears(sales, question as Question) : question;
  return asked as Question<typeof sales>;
}

function sqlBlock(sql: string, parameters: readonly unknown[]): string {
  const values = parameters.map((value, index) => `-- $${index + 1} = ${JSON.stringify(value)}\n`);
  return `\`\`\`sql\n${values.join("")}${sql}\n\`\`\`\n`;
}

function readLine({ filesRead, filesSkipped, rowsInFiles, rollup }: Receipt): string {
  const rows = rowsInFiles.toLocaleString("en");
  return rollup === undefined
    ? `Read ${filesRead} of ${filesRead + filesSkipped} files, with ${rows} rows.\n`
    : `Read the rollup \`${rollup}\`, with ${rows} rows, and none of ${filesSkipped} files.\n`;
}

function outputOf({ columns, rows }: Answer): string {
  const rounded = rows
    .slice(0, rowsMax)
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(4)) : value,
        ]),
      ),
    );
  const more = rows.length - rounded.length;
  return `${rowsToMarkdown({ columns, rows: rounded })}${more > 0 ? `\nand ${more.toLocaleString("en")} more rows.\n` : ""}`;
}

// Times differ from run to run; files, rows and sizes do not.
async function comparison(
  ways: readonly (readonly [name: string, options: AskOptions])[],
  question: Question<typeof sales>,
  dataset: OpenDataset<typeof sales>,
): Promise<string> {
  const rows = [];
  for (const [way, options] of ways) {
    const { receipt } = await dataset.ask(question, options);
    const { filesRead, rowsInFiles, bytesInFiles } = receipt;
    rows.push({ way, "files read": filesRead, "rows in them": rowsInFiles, "bytes of them": bytesInFiles });
  }
  return rowsToMarkdown({ columns: Object.keys(rows[0] ?? {}), rows });
}

async function tablesSection(dataset: OpenDataset<typeof sales>, folder: string): Promise<string> {
  const { tables, batches } = await loadDataset(sales, dataset.directory, {
    database: join(folder, "sales.duckdb"),
    batchRows: 10_000,
  });
  const rows = Object.entries(tables).map(([table, count]) => ({ table, rows: count }));
  return [
    "## In tables\n",
    "The same rows in the tables of a DuckDB database, loaded in parallel batches; any DuckDB reads it.\n",
    "```sh\naf analytics load --batch-rows 10000\n```\n",
    rowsToMarkdown({ columns: ["table", "rows"], rows }),
    `in ${batches} batches.\n`,
  ].join("\n");
}

if (import.meta.main) await writeFile(join(root, "docs/query-catalogue.md"), await queryCatalogue());
