import { resolve } from "node:path";
import { type LoadReport, loadDataset } from "@agentflow/analytics";
import { datasetFolder, duckOptions, modelIn, optionalNumber } from "../analytics/dataset-options.ts";
import { showProgress } from "../analytics/progress-line.ts";
import { quoted, textOption } from "../command-configuration.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";

/** `af analytics load`: makes a DuckDB database of a dataset (OLP-5). */
export const analyticsLoad: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.arguments["folder"], session);
  const report = await loadFolder(directory, input, session);
  if (output.json) output.object(report);
  else output.line(report.database);
  return exitCodes.ok;
};

/** Loads the dataset of a folder into the database that `--database` names, beside the folder if it names none. */
export async function loadFolder(
  directory: string,
  input: CommandInput,
  session: Session,
): Promise<LoadReport> {
  const { output } = session;
  const given = textOption(input, "database");
  const database = given === undefined ? `${directory}.duckdb` : resolve(session.directory, given);
  const batchRows = optionalNumber(input, "batchRows", "batch-rows", 1_000_000_000);
  const started = performance.now();
  const report = await loadDataset(await modelIn(directory, input, session), directory, {
    database,
    ...duckOptions(input),
    ...(batchRows === undefined ? {} : { batchRows }),
    ...(input.options["quiet"] === true ? {} : { onProgress: showProgress(output) }),
  });
  const duration = formatDuration(performance.now() - started);
  output.note(
    `${report.rows.toLocaleString("en")} rows of ${formatCount(Object.keys(report.tables).length, "table")} in ${report.batches} batches, in ${duration}.`,
  );
  output.note(`Any DuckDB reads it: duckdb ${quoted(database)}`);
  return report;
}
