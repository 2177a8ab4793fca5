import {
  type Answer,
  columnAt,
  type DatasetModel,
  isNumber,
  OpenDataset,
  type PatternParameters,
  parseFilter,
  patternQuestion,
  type Receipt,
  type Row,
  rowsToCsv,
  rowsToMarkdown,
} from "@agentflow/analytics";
import { QueryError, UsageError } from "@agentflow/core";
import { compareAnswers } from "../analytics/compare-answers.ts";
import { datasetFolder, duckOptions, modelIn, optionalNumber } from "../analytics/dataset-options.ts";
import { listOption, textArgument, textOption } from "../command-configuration.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { formatSize } from "../terminal/format-size.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";

/** `af analytics analyze`: the plan of a question, its answer, and what that took (OLP-12). */
export const analyticsAnalyze: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.options["dataset"], session);
  const model = await modelIn(directory, input, session);
  const source = textOption(input, "source");
  using dataset = await OpenDataset.open(model, directory, {
    ...duckOptions(input),
    ...(source === "csv" || source === "parquet" ? { format: source } : {}),
  });
  const given = textArgument(input, "question");
  const profile = input.options["profile"] === true;
  const executes = profile || input.options["execute"] === true;
  if (/\s/.test(given.trim())) {
    refusePatternOptions(input);
    if (!executes)
      throw new UsageError("SQL is answered with --execute.", {
        hint: "Add --execute, or write EXPLAIN before it.",
      });
    printAnswer(await dataset.sql(given), input, output, profile);
    return exitCodes.ok;
  }
  const question = patternQuestion(model, given, parametersOf(input, model));
  const compared = textOption(input, "compare");
  if (compared !== undefined) {
    await compareAnswers(dataset, question, compared, output);
    return exitCodes.ok;
  }
  const plan = dataset.plan(question);
  const { opened, skipped } = plan.files;
  if (!executes) {
    if (output.json)
      output.object({
        sql: plan.sql,
        parameters: plan.parameters,
        filesRead: opened.map(({ path }) => path),
        filesSkipped: skipped.length,
      });
    else output.line(highlighted(plan.sql, output));
    output.note(
      `Reads ${opened.length} of ${opened.length + skipped.length} files of ${plan.fact}. Add --execute to answer it.`,
    );
    return exitCodes.ok;
  }
  printAnswer((await dataset.ask(question, { profile })) as Answer<Row>, input, output, profile);
  return exitCodes.ok;
};

function refusePatternOptions(input: CommandInput): void {
  const odd = ["measure", "by", "size", "top", "compare"].find((name) => input.options[name] !== undefined);
  const given = odd ?? (listOption(input, "where").length > 0 ? "where" : undefined);
  if (given !== undefined) throw new UsageError(`--${given} belongs to a pattern, not to SQL.`);
}

function parametersOf(input: CommandInput, model: DatasetModel): PatternParameters {
  const measure = textOption(input, "measure");
  const by = textOption(input, "by")?.split(",");
  const size = optionalNumber(input, "size", "size", 1_000);
  const top = optionalNumber(input, "top", "top", 1_000_000);
  const where = Object.fromEntries(listOption(input, "where").map((text) => filterOf(text, model)));
  return {
    where,
    ...(measure === undefined ? {} : { measure }),
    ...(by === undefined ? {} : { by }),
    ...(size === undefined ? {} : { size }),
    ...(top === undefined ? {} : { top }),
  };
}

function filterOf(text: string, model: DatasetModel) {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--where is ${JSON.stringify(text)}.`, { hint: "Write DIMENSION=VALUE." });
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  const reference = Object.hasOwn(model.dimensions, name) ? model.dimensions[name] : undefined;
  if (reference === undefined) {
    throw new QueryError(`There is no dimension ${JSON.stringify(name)}.`, {
      hint: `Known are ${Object.keys(model.dimensions).join(", ")}.`,
    });
  }
  return [name, parseFilter(value, columnAt(model, reference).column)] as const;
}

// What a window function does is the part of a query that is read least easily.
function highlighted(sql: string, { colors }: Output): string {
  return sql.replaceAll(/\w+\([^()]*\) OVER \([^()]*\)/g, (part) => colors.cyan(part));
}

function printAnswer(answer: Answer<Row>, input: CommandInput, output: Output, profile: boolean): void {
  const { columns, rows, receipt } = answer;
  const format = output.json ? "json" : (textOption(input, "format") ?? "table");
  if (format === "json") output.line(JSON.stringify(profile ? { rows, receipt } : rows, plainNumber));
  else if (format === "csv") output.write(rowsToCsv({ columns, rows }));
  else if (format === "markdown") output.write(rowsToMarkdown({ columns, rows }));
  else {
    const titles = columns.map((name) => ({
      title: name,
      align: isNumber(rows, name) ? ("right" as const) : ("left" as const),
    }));
    const cells = rows.map((row) => columns.map((name) => shown(row[name])));
    for (const line of textTable(titles, cells)) output.line(line);
  }
  output.note(`${formatCount(rows.length, "row")} in ${formatDuration(receipt.wallMs)}.`);
  if (profile) for (const line of receiptLines(receipt)) output.note(line);
}

function plainNumber(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "number" && !Number.isInteger(value)
    ? String(Math.round(value * 10_000) / 10_000)
    : String(value);
}

function receiptLines({
  filesRead,
  filesSkipped,
  rowGroups,
  rowsInFiles,
  rowsScanned,
  bytesRead,
  cpuMs,
}: Receipt): string[] {
  return [
    `  files       ${filesRead} read, ${filesSkipped} skipped`,
    ...(rowGroups === undefined
      ? []
      : [`  row groups  ${rowGroups.read} read, ${rowGroups.skipped} skipped`]),
    `  rows        ${(rowsScanned ?? rowsInFiles).toLocaleString("en")} scanned of ${rowsInFiles.toLocaleString("en")} in these files`,
    ...(bytesRead === undefined ? [] : [`  bytes       ${formatSize(bytesRead)}`]),
    `  cpu         ${formatDuration(cpuMs)}`,
  ];
}
