import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import {
  type Answer,
  barChartOf,
  barChartSvg,
  barChartText,
  type ChartColumns,
  chartPage,
  type DatasetModel,
  isNumber,
  lineChartOf,
  lineChartSvg,
  lineChartText,
} from "@agentflow/analytics";
import { UsageError } from "@agentflow/core";
import type { Output } from "../terminal/output.ts";
import type { Asked } from "./question-options.ts";

/** How a chart is asked for: its kind, and the file that it goes to, if any. */
export interface ChartRequest {
  readonly kind: string;
  readonly file: string | undefined;
}

/** Refuses a file whose name does not say what to write. */
export function checkChartFile(file: string | undefined): void {
  if (file === undefined || [".svg", ".html"].includes(extname(file))) return;
  throw new UsageError(`--chart-file is ${JSON.stringify(file)}.`, {
    hint: "Give a name that ends in .svg or .html.",
  });
}

/** Draws an answer: with characters on standard output, or as SVG or HTML in a file. */
export async function printChart(
  answer: Answer,
  columns: ChartColumns,
  { kind, file }: ChartRequest,
  output: Output,
): Promise<void> {
  const isBars = kind === "bars";
  if (file === undefined) {
    const lines = isBars
      ? barChartText(barChartOf(answer, columns), output.columns ?? 80)
      : lineChartText(lineChartOf(answer, columns));
    for (const line of lines) output.line(line);
    return;
  }
  const svg = isBars ? barChartSvg(barChartOf(answer, columns)) : lineChartSvg(lineChartOf(answer, columns));
  const { title } = columns;
  const text = extname(file) === ".svg" ? svg : chartPage({ title, charts: [svg], table: answer });
  await writeFile(file, text);
  output.note(`Wrote ${file}.`);
}

/** Which columns of an answer are drawn: what the question asks for; of SQL, the numbers after the first column. */
export function chartColumns(asked: Asked, answer: Answer, model: DatasetModel): ChartColumns {
  if ("sql" in asked) {
    const values = answer.columns.slice(1).filter((name) => isNumber(answer.rows, name));
    const dimensions = answer.columns.filter((name) => !values.includes(name));
    return { title: values.join(", "), dimensions, time: dimensions.slice(0, 1), values };
  }
  const { measures, by = [], windows = {} } = asked.question;
  const calendar = model.hierarchies["calendar"] ?? [];
  const means = Object.entries(windows).filter(([, window]) => window.kind === "moving-average");
  const derived = means.map(([name]) => name);
  return {
    title: `${measures.join(", ")}${by.length === 0 ? "" : ` by ${by.join(", ")}`}`.replaceAll("_", " "),
    dimensions: by,
    time: by.filter((name) => calendar.includes(name) || name === "date"),
    values: [...measures, ...derived],
    derived,
  };
}
