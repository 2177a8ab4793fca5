import { createViews } from "../execute/dataset-views.ts";
import { type DuckConnection, DuckDatabase, type DuckSettings, type Row } from "../execute/duck-database.ts";
import { quoteName, quoteNames } from "../execute/sql-text.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import { type DatasetManifest, type FileFormat, fileFormats } from "../storage/dataset-manifest.ts";
import { readManifest } from "../storage/read-dataset.ts";
import { checkFiles } from "./check-files.ts";
import { checkPartitions } from "./check-partitions.ts";
import { checkRollups } from "./check-rollups.ts";
import { checkSchema } from "./check-schema.ts";
import { type DatasetCheck, type DatasetReport, failed, passed } from "./dataset-check.ts";
import { type RowRule, rowRules, type TableRule, tableRules } from "./dataset-rules.ts";

const examplesMax = 3;

/**
 * Tests a dataset against its declaration and its manifest: files and checksums, keys, foreign keys, values, versions,
 * rules, statistics and folders. Damaged files, and files with other columns, are named, and nothing else is then tested. Throws DatasetError if there
 * is no dataset or its manifest is damaged.
 */
export async function checkDataset(
  model: DatasetModel,
  directory: string,
  settings: DuckSettings = {},
): Promise<DatasetReport> {
  const manifest = await readManifest(directory);
  const checks = await checkFiles(directory, manifest);
  if (isSound(checks)) {
    using database = await DuckDatabase.open(directory, settings);
    using connection = await database.connect();
    checks.push(...(await checkSchema(connection, model, { directory, manifest })));
    if (isSound(checks)) checks.push(...(await checkContents(connection, model, { directory, manifest })));
  }
  return { directory, dataset: manifest.dataset, passed: isSound(checks), checks };
}

function isSound(checks: readonly DatasetCheck[]): boolean {
  return checks.every((check) => check.passed);
}

async function checkContents(
  connection: DuckConnection,
  model: DatasetModel,
  { directory, manifest }: { readonly directory: string; readonly manifest: DatasetManifest },
): Promise<DatasetCheck[]> {
  const checks: DatasetCheck[] = [];
  for (const format of fileFormats) {
    if (!manifest.files.some((file) => file.format === format)) continue;
    await createViews(connection, model, { directory, manifest, format });
    for (const [name, table] of Object.entries(model.tables)) {
      checks.push(...(await checkRows(connection, rowRules(name, table), format)));
      for (const rule of tableRules(model, name, table))
        checks.push(await checkTable(connection, rule, format));
    }
  }
  return [
    ...checks,
    ...(await checkPartitions(connection, model, { directory, manifest })),
    ...(await checkRollups(connection, model, { directory, manifest })),
  ];
}

// All rules of a table in one scan; examples are looked for only where there are some.
async function checkRows(
  connection: DuckConnection,
  rules: readonly RowRule[],
  format: FileFormat,
): Promise<DatasetCheck[]> {
  const [first] = rules;
  if (first === undefined) return [];
  const source = quoteName(first.table);
  const counts = rules.map(({ broken }, index) => `count(*) FILTER (WHERE ${broken}) AS broken${index}`);
  const [found] = await connection.rows(`SELECT ${counts.join(", ")} FROM ${source}`);
  const checks: DatasetCheck[] = [];
  for (const [index, { table, name, broken, shown }] of rules.entries()) {
    const sql = `SELECT ${quoteNames(shown)} FROM ${source} WHERE ${broken}`;
    const named = `${name} (${format})`;
    checks.push(
      found?.[`broken${index}`] === 0
        ? passed(table, named)
        : await checkTable(connection, { table, name, sql }, format),
    );
  }
  return checks;
}

async function checkTable(
  connection: DuckConnection,
  { table, name, sql }: TableRule,
  format: FileFormat,
): Promise<DatasetCheck> {
  const named = `${name} (${format})`;
  const found = await connection.rows(`FROM (${sql}) LIMIT ${examplesMax}`);
  return found.length === 0
    ? passed(table, named)
    : failed(table, named, `not so for ${found.map(example).join("; ")}`);
}

function example(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
