import { resolve } from "node:path";
import { type Answer, OpenDataset, type QuestionPlan } from "@agentflow/analytics";
import { UsageError } from "@agentflow/core";
import { compareAnswers, ways } from "../analytics/compare-answers.ts";
import { datasetFolder, duckOptions, modelIn } from "../analytics/dataset-options.ts";
import { formatOf, noteReceipt, printAnswer } from "../analytics/print-answer.ts";
import { chartColumns, checkChartFile, printChart } from "../analytics/print-chart.ts";
import { type Asked, askedIn } from "../analytics/question-options.ts";
import { listOption, textOption } from "../command-configuration.ts";
import { onInterruption } from "../interruption.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatSize } from "../terminal/format-size.ts";
import type { Output } from "../terminal/output.ts";

/** `af analytics analyze`: the plan of a question, its answer, and what that took (OLP-12). */
export const analyticsAnalyze: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.options["dataset"], session);
  const model = await modelIn(directory, input, session);
  const asked = askedIn(input, model);
  const path = filePath(input, "output", session);
  checkChartFile(textOption(input, "chartFile"));
  const source = textOption(input, "source");
  using dataset = await OpenDataset.open(model, directory, {
    ...duckOptions(input),
    alsoRead: listOption(input, "alsoRead").map((folder) => resolve(session.directory, folder)),
    ...(source === "csv" || source === "parquet" ? { format: source } : {}),
  });
  const way = textOption(input, "compare");
  if ("question" in asked && way !== undefined && Object.hasOwn(ways, way)) {
    await compareAnswers(dataset, asked.question, way, output);
    return exitCodes.ok;
  }
  if (input.options["explain"] === true) {
    await explain(dataset, asked, input, output);
    return exitCodes.ok;
  }
  const profile = input.options["profile"] === true;
  const drawn = chartRequest(input, session);
  if (!profile && drawn === undefined && input.options["execute"] !== true && path === undefined) {
    printPlan(planOf(dataset, asked, input), dataset, output);
    return exitCodes.ok;
  }
  const stop = new AbortController();
  using _ = onInterruption(() => stop.abort());
  const options = { profile, rollups: input.options["fromFiles"] !== true, signal: stop.signal };
  if (formatOf(input, output) === "parquet") {
    const file = requireFile(path);
    const question = "sql" in asked ? asked.sql : asked.question;
    const { rows, sizeBytes } = await dataset.writeParquet(question, file, options);
    output.note(`Wrote ${file}: ${formatCount(rows, "row")}, ${formatSize(sizeBytes)}.`);
    if (output.json) output.object({ path: file, rows, sizeBytes });
    return exitCodes.ok;
  }
  const answer: Answer =
    "sql" in asked
      ? await dataset.sql(asked.sql, [], options)
      : ((await dataset.ask(asked.question, options)) as Answer);
  if (drawn !== undefined) await printChart(answer, chartColumns(asked, answer, model), drawn, output);
  // A chart on standard output stands in place of the rows, unless these were asked for too.
  const isDrawnHere = drawn !== undefined && drawn.file === undefined;
  if (isDrawnHere && path === undefined && !output.json) noteReceipt(answer, output, profile);
  else await printAnswer(answer, input, output, { profile, path });
  return exitCodes.ok;
};

function filePath(input: CommandInput, name: string, session: Session): string | undefined {
  const given = textOption(input, name);
  return given === undefined ? undefined : resolve(session.directory, given);
}

function requireFile(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new UsageError("Parquet is written to a file.", { hint: "Add --output FILE." });
}

function chartRequest(input: CommandInput, session: Session) {
  const kind = textOption(input, "chart");
  const file = filePath(input, "chartFile", session);
  if (kind === undefined && file === undefined) return undefined;
  return { kind: kind ?? "bars", file };
}

function planOf(dataset: OpenDataset, asked: Asked, input: CommandInput): QuestionPlan {
  if ("question" in asked)
    return dataset.plan(asked.question, { rollups: input.options["fromFiles"] !== true });
  throw new UsageError("SQL is answered with --execute.", {
    hint: "Add --execute, or --explain for its plan.",
  });
}

function printPlan(plan: QuestionPlan, dataset: OpenDataset, output: Output): void {
  const { opened, skipped } = plan.files;
  if (output.json)
    output.object({
      sql: plan.sql,
      parameters: plan.parameters,
      filesRead: opened.map(({ path }) => path),
      filesSkipped: skipped.length,
      rollup: plan.rollup?.name ?? null,
    });
  else output.line(highlighted(plan.sql, output));
  output.note(`${readText(plan, dataset)} Add --execute to answer it.`);
}

function readText({ fact, files, rollup }: QuestionPlan, dataset: OpenDataset): string {
  const { opened, skipped } = files;
  if (rollup !== undefined)
    return `Reads the rollup ${rollup.name}, ${formatCount(rollup.rows, "row")}, and none of ${skipped.length} files of ${fact}.`;
  const isStale = dataset.hasRollups && !dataset.rollupsAreCurrent;
  const stale = isStale ? " The rollups are older than the dataset: af analytics rollup makes new ones." : "";
  return `Reads ${opened.length} of ${opened.length + skipped.length} files of ${fact}.${stale}`;
}

// SQL, what it reads and why, and the plan of DuckDB.
async function explain(
  dataset: OpenDataset,
  asked: Asked,
  input: CommandInput,
  output: Output,
): Promise<void> {
  if ("sql" in asked) {
    const { rows } = await dataset.sql(`EXPLAIN ${asked.sql}`);
    const plan = rows.map((row) => String(row["explain_value"])).join("\n");
    if (output.json) output.object({ sql: asked.sql, plan });
    else output.line(plan);
    return;
  }
  const options = { rollups: input.options["fromFiles"] !== true };
  const plan = dataset.plan(asked.question, options);
  const text = await dataset.explain(asked.question, options);
  if (output.json)
    output.object({
      sql: plan.sql,
      parameters: plan.parameters,
      rollup: plan.rollup?.name ?? null,
      plan: text,
    });
  else for (const part of [highlighted(plan.sql, output), "", text]) output.line(part);
  output.note(readText(plan, dataset));
}

// What a window function does is the part of a query that is read least easily.
function highlighted(sql: string, { colors }: Output): string {
  return sql.replaceAll(/\w+\([^()]*\) OVER \([^()]*\)/g, (part) => colors.cyan(part));
}
