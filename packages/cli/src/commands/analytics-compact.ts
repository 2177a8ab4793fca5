import { compactDataset } from "@agentflow/analytics";
import { datasetFolder, duckOptions, modelIn } from "../analytics/dataset-options.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatSize } from "../terminal/format-size.ts";

/** `af analytics compact`: one file for each folder of a dataset. */
export const analyticsCompact: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.arguments["folder"], session);
  const { manifest, ...report } = await compactDataset(
    await modelIn(directory, input, session),
    directory,
    duckOptions(input),
  );
  const { filesBefore, filesAfter, sizeBytesBefore, sizeBytesAfter } = report;
  if (output.json) output.object({ directory, generation: manifest.generation, ...report });
  else output.line(directory);
  output.note(
    `${filesBefore} files of ${formatSize(sizeBytesBefore)} became ${filesAfter} of ${formatSize(sizeBytesAfter)}.`,
  );
  return exitCodes.ok;
};
