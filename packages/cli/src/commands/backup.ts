import { resolve } from "node:path";
import { UsageError } from "@agentflow/core";
import { backupStore } from "@agentflow/runtime";
import { commandConfiguration, listOption, quoted, textOption } from "../command-configuration.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { formatSize } from "../terminal/format-size.ts";

/** `af backup --to FOLDER`: copies the store and its artifacts (STO-6). */
export const backup: CommandHandler = async (input, session) => {
  const { output } = session;
  const to = textOption(input, "to");
  if (to === undefined) throw new UsageError("--to is missing.", { hint: "Write af backup --to FOLDER." });
  const { options } = await commandConfiguration(input, session);
  const report = await backupStore(options, {
    directory: resolve(session.directory, to),
    tables: listOption(input, "table"),
  });
  const { manifest, sizeBytes, durationMs, damaged } = report;
  const artifacts = manifest.files.length - 1;
  const runs = manifest.tables["af_runs"] ?? 0;
  if (output.json) {
    const { files, ...rest } = manifest;
    output.object({
      directory: report.directory,
      store: report.store,
      ...rest,
      runs,
      artifacts,
      sizeBytes,
      durationMs,
      damaged,
    });
  } else output.line(report.directory);
  for (const path of damaged) output.note(`Left out, because it is damaged: ${path}`);
  output.note(
    `${formatCount(runs, "run")} and ${formatCount(artifacts, "artifact")}, ${formatSize(sizeBytes)}, in ${formatDuration(durationMs)}.`,
  );
  output.note(`Next: af restore ${quoted(to)} --check`);
  return exitCodes.ok;
};
