import { additivityOf, type DatasetFile, type FoundDataset, listDatasets, sales } from "@agentflow/analytics";
import { datasetFolder } from "../analytics/dataset-options.ts";
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
  if (output.json) {
    output.object(found.map(described));
    return exitCodes.ok;
  }
  if (found.length === 0) output.note(`No datasets in ${directory}. Make one: af analytics generate`);
  for (const each of found) print(each, output, input.options["files"] === true);
  return exitCodes.ok;
};

function described({ directory, manifest }: FoundDataset): object {
  const { dataset, generation, publishedAt, origin, files } = manifest;
  const declared = dataset === sales.name ? asked() : {};
  return { directory, dataset, generation, publishedAt, origin, tables: tablesOf(files), ...declared, files };
}

function asked(): object {
  const { measures, dimensions, hierarchies } = sales;
  const kinds = Object.entries(measures).map(([name, measure]) => [name, additivityOf(measure)]);
  return { measures: Object.fromEntries(kinds), dimensions: Object.keys(dimensions), hierarchies };
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

function print({ directory, manifest }: FoundDataset, output: Output, withFiles: boolean): void {
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
  if (dataset === sales.name) {
    output.line(`measures    ${Object.keys(sales.measures).join(", ")}`);
    output.line(`dimensions  ${Object.keys(sales.dimensions).join(", ")}`);
    for (const [name, levels] of Object.entries(sales.hierarchies))
      output.line(`hierarchy   ${name}: ${levels.join(" > ")}`);
  }
  if (!withFiles) return;
  const fileTitles = [{ title: "FILE" }, { title: "ROWS", align: right }, { title: "SIZE", align: right }];
  const lines = files.map(({ path, rows: count, sizeBytes }) => [
    path,
    count.toLocaleString("en"),
    formatSize(sizeBytes),
  ]);
  for (const line of textTable(fileTitles, lines)) output.line(line);
}
