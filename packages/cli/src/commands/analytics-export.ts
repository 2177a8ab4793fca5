import { type ExportReport, exportRuns } from "@agentflow/analytics";
import { datasetFolder, duckOptions, optionalNumber } from "../analytics/dataset-options.ts";
import { commandConfiguration, quoted, textOption } from "../command-configuration.ts";
import { withRuns } from "../open-runs.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";

const defaultRuns = "data/runs";

/** `af analytics export`: adds finished runs to the `runs` dataset, each once (OLP-30). */
export const analyticsExport: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.options["outputDir"], session, defaultRuns);
  const configuration = await commandConfiguration(input, session);
  const batchRuns = optionalNumber(input, "batch", "batch", 100_000);
  const started = performance.now();
  const report = await withRuns(configuration, (store, tenant) =>
    exportRuns(store, directory, {
      tenant,
      ...duckOptions(input),
      ...(batchRuns === undefined ? {} : { batchRuns }),
      ...(input.options["all"] === true ? { all: true } : {}),
      ...(input.options["quiet"] === true
        ? {}
        : { onProgress: ({ runs }) => output.note(`${formatCount(runs, "run")} exported`) }),
    }),
  );
  if (report === undefined) {
    if (output.json) output.object(null);
    else output.note("There is no store here, and so nothing to export.");
    return exitCodes.ok;
  }
  const { manifest, ...counts } = report;
  const durationMs = performance.now() - started;
  if (output.json) output.object({ directory, generation: manifest.generation, ...counts, durationMs });
  else output.line(directory);
  for (const note of notesOf(report, durationMs)) output.note(note);
  const folder = textOption(input, "outputDir") ?? defaultRuns;
  output.note(`Next: af analytics analyze outcomes --dataset ${quoted(folder)} --execute`);
  return exitCodes.ok;
};

function notesOf({ runs, replaced, known, claimedElsewhere }: ExportReport, durationMs: number): string[] {
  const notes = [`${formatCount(runs, "run")} exported in ${formatDuration(durationMs)}.`];
  if (replaced > 0) notes.push(`${formatCount(replaced, "run")} of them had gone on since an export.`);
  if (known > 0) notes.push(`${formatCount(known, "run")} were there already.`);
  if (claimedElsewhere > 0) {
    notes.push(
      "An export into another folder has claimed runs and has not ended; --all takes these here too.",
    );
  }
  return notes;
}
