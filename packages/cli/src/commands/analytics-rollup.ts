import { buildRollups } from "@agentflow/analytics";
import { datasetFolder, duckOptions, modelIn } from "../analytics/dataset-options.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatSize } from "../terminal/format-size.ts";
import { textTable } from "../terminal/text-table.ts";

/** `af analytics rollup`: makes the declared rollups of a dataset. */
export const analyticsRollup: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.arguments["folder"], session);
  const made = await buildRollups(await modelIn(directory, input, session), directory, duckOptions(input));
  if (output.json) {
    output.object({ directory, ...made });
    return exitCodes.ok;
  }
  const right = "right" as const;
  const titles = [
    { title: "ROLLUP" },
    { title: "OF" },
    { title: "BY" },
    { title: "ROWS", align: right },
    { title: "SIZE", align: right },
  ];
  const rows = made.rollups.map(({ name, fact, by, rows: count, sizeBytes }) => [
    name,
    fact,
    by.join(", "),
    count.toLocaleString("en"),
    formatSize(sizeBytes),
  ]);
  for (const line of textTable(titles, rows)) output.line(line);
  output.note(
    `Questions that they answer are answered from them until the dataset changes (generation ${made.generation}).`,
  );
  return exitCodes.ok;
};
