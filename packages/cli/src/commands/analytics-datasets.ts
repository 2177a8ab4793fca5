import { resolve } from "node:path";
import {
  additivityOf,
  type DatasetFile,
  type DatasetModel,
  type FoundDataset,
  listDatasets,
  patternsOf,
} from "@agentflow/analytics";
import { datasetFolder, shippedModel } from "../analytics/dataset-options.ts";
import { loadDeclarations } from "../analytics/load-declarations.ts";
import { textOption } from "../command-configuration.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatSize } from "../terminal/format-size.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";

const right = "right" as const;

/** `af analytics datasets`: what datasets there are, and what can be asked of them. */
export const analyticsDatasets: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.arguments["folder"], session, "data");
  const found = await listDatasets(directory);
  const file = textOption(input, "declaration");
  const declared = file === undefined ? [] : await loadDeclarations(resolve(session.directory, file));
  const modelOf = ({ manifest }: FoundDataset) =>
    declared.find(({ name }) => name === manifest.dataset) ?? shippedModel(manifest.dataset);
  if (output.json) {
    output.object(found.map((each) => described(each, modelOf(each))));
    return exitCodes.ok;
  }
  if (found.length === 0) output.note(`No datasets in ${directory}. Make one: af analytics generate`);
  for (const each of found) {
    printTables(each, output);
    printModel(modelOf(each), output);
    if (input.options["files"] === true) printFiles(each, output);
  }
  return exitCodes.ok;
};

function described({ directory, manifest }: FoundDataset, model: DatasetModel | undefined): object {
  const { dataset, generation, publishedAt, origin, files } = manifest;
  const declared = model === undefined ? {} : asked(model);
  return { directory, dataset, generation, publishedAt, origin, tables: tablesOf(files), ...declared, files };
}

function asked(model: DatasetModel): object {
  const { measures, dimensions, hierarchies } = model;
  const kinds = Object.entries(measures).map(([name, measure]) => [name, additivityOf(measure)]);
  return {
    measures: Object.fromEntries(kinds),
    dimensions: Object.keys(dimensions),
    hierarchies,
    patterns: Object.keys(patternsOf(model)),
  };
}

interface TableTotals {
  readonly table: string;
  readonly format: string;
  readonly files: number;
  readonly rows: number;
  readonly sizeBytes: number;
}

function tablesOf(files: readonly DatasetFile[]): TableTotals[] {
  return [...Map.groupBy(files, ({ table, format }) => `${format} ${table}`).values()].map((group) => {
    const { table, format } = group[0] as DatasetFile;
    const sum = (pick: (file: DatasetFile) => number): number =>
      group.reduce((total, file) => total + pick(file), 0);
    return {
      table,
      format,
      files: group.length,
      rows: sum(({ rows }) => rows),
      sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    };
  });
}

function printTables({ directory, manifest }: FoundDataset, output: Output): void {
  const { dataset, generation, publishedAt, files } = manifest;
  output.line(
    `${output.colors.bold(dataset)}  ${directory}  generation ${generation}, ${publishedAt}, ${formatCount(files.length, "file")}`,
  );
  const titles = [
    { title: "TABLE" },
    { title: "FORMAT" },
    { title: "FILES", align: right },
    { title: "ROWS", align: right },
    { title: "SIZE", align: right },
  ];
  const rows = tablesOf(files).map(({ table, format, files: count, rows: all, sizeBytes }) => [
    table,
    format,
    String(count),
    all.toLocaleString("en"),
    formatSize(sizeBytes),
  ]);
  for (const line of textTable(titles, rows)) output.line(line);
}

function printModel(model: DatasetModel | undefined, output: Output): void {
  if (model === undefined) return;
  output.line(`measures    ${Object.keys(model.measures).join(", ")}`);
  output.line(`dimensions  ${Object.keys(model.dimensions).join(", ")}`);
  for (const [name, levels] of Object.entries(model.hierarchies))
    output.line(`hierarchy   ${name}: ${levels.join(" > ")}`);
  for (const [name, { describes }] of Object.entries(patternsOf(model)))
    output.line(`pattern     ${name}: ${describes}`);
}

function printFiles({ manifest }: FoundDataset, output: Output): void {
  const titles = [{ title: "FILE" }, { title: "ROWS", align: right }, { title: "SIZE", align: right }];
  const lines = manifest.files.map(({ path, rows, sizeBytes }) => [
    path,
    rows.toLocaleString("en"),
    formatSize(sizeBytes),
  ]);
  for (const line of textTable(titles, lines)) output.line(line);
}
