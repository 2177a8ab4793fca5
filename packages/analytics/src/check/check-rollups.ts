import { join } from "node:path";
import type { DuckConnection } from "../execute/duck-database.ts";
import { quoteName, readFiles } from "../execute/sql-text.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import { rollupColumns } from "../rollup/build-rollups.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { hashFile } from "../storage/file-hash.ts";
import { findRollups, type RollupFile } from "../storage/rollup-manifest.ts";
import { type DatasetCheck, failed, passed } from "./dataset-check.ts";

/** Holds each rollup to its checksum and to the files that it was made of. One of another generation is never read. */
export async function checkRollups(
  connection: DuckConnection,
  model: DatasetModel,
  { directory, manifest }: { readonly directory: string; readonly manifest: DatasetManifest },
): Promise<DatasetCheck[]> {
  const found = await findRollups(directory);
  if (found?.generation !== manifest.generation) return [];
  const checks: DatasetCheck[] = [];
  for (const rollup of found.rollups)
    checks.push(await checkRollup(connection, model, { directory, rollup }));
  return checks;
}

async function checkRollup(
  connection: DuckConnection,
  model: DatasetModel,
  { directory, rollup }: { readonly directory: string; readonly rollup: RollupFile },
): Promise<DatasetCheck> {
  const name = `the rollup ${rollup.name} adds up to the files that it was made of`;
  const path = join(directory, rollup.path);
  const hashed = await hashFile(path).catch((error: NodeJS.ErrnoException) => error);
  if (hashed instanceof Error)
    return failed(rollup.fact, name, `${rollup.path} cannot be read: ${hashed.code}`);
  if (hashed.sha256 !== rollup.sha256)
    return failed(rollup.fact, name, `${rollup.path} was changed: its SHA-256 differs`);
  // Sums of floating point numbers depend on the order in which they are added up.
  const exact = rollupColumns(model, rollup.fact).flatMap(({ total, kept }) =>
    kept === undefined || kept.type === "DOUBLE" || !rollup.columns.includes(kept.name)
      ? []
      : [{ total, ...kept }],
  );
  const sums = (of: (column: (typeof exact)[number]) => string): string =>
    exact.map((column) => `(${of(column)})::${column.type} AS ${quoteName(column.name)}`).join(", ");
  const [whole] = await connection.rows(
    `SELECT ${sums(({ total }) => total)} FROM ${quoteName(rollup.fact)} AS fact`,
  );
  const [kept] = await connection.rows(
    `SELECT ${sums((column) => `${column.merge}(${quoteName(column.name)})`)} FROM ${readFiles("parquet", [path])}`,
  );
  const odd = exact.filter((column) => whole?.[column.name] !== kept?.[column.name]);
  return odd.length === 0
    ? passed(rollup.fact, name)
    : failed(rollup.fact, name, `not so for ${odd.map((column) => column.name).join(", ")}`);
}
