import { checkDataset } from "@agentflow/analytics";
import { datasetFolder, duckOptions, modelIn } from "../analytics/dataset-options.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { textTable } from "../terminal/text-table.ts";

/** `af analytics test`: holds a dataset to its declaration and its manifest. */
export const analyticsTest: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.arguments["folder"], session);
  const report = await checkDataset(await modelIn(directory, input, session), directory, duckOptions(input));
  const broken = report.checks.filter((check) => !check.passed);
  if (output.json) output.object(report);
  else {
    const { green, red } = output.colors;
    const rows = report.checks.map((check) => [
      check.passed ? green("✔ ok") : red("✖ failed"),
      check.table,
      check.name,
    ]);
    for (const line of textTable([{ title: "RESULT" }, { title: "TABLE" }, { title: "TEST" }], rows))
      output.line(line);
  }
  for (const { table, name, detail } of broken) output.note(`${table}: ${name}: ${detail}`);
  output.note(`${report.checks.length - broken.length} passed, ${broken.length} failed`);
  return report.passed ? exitCodes.ok : exitCodes.runFailed;
};
