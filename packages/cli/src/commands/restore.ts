import { resolve } from "node:path";
import { checkBackup, restoreStore } from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, textArgument } from "../command-configuration.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { formatSize } from "../terminal/format-size.ts";

/** `af restore FOLDER`: puts a backup in the place of the store (STO-6). */
export const restore: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = resolve(session.directory, textArgument(input, "backup"));
  if (input.options["check"] === true) {
    const { files, ...manifest } = await checkBackup(directory);
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    if (output.json) output.object({ directory, ...manifest, files: files.length, sizeBytes, whole: true });
    else output.line(`whole: ${formatCount(files.length, "file")}, ${formatSize(sizeBytes)}`);
    return exitCodes.ok;
  }
  const configuration = await commandConfiguration(input, session);
  const force = input.options["force"] === true;
  const report = await restoreStore(configuration.options, { directory, force });
  const { manifest, artifactsAdded, durationMs } = report;
  const runs = manifest.tables["af_runs"] ?? 0;
  if (output.json) {
    const { files, ...rest } = manifest;
    output.object({ store: report.store, directory, ...rest, runs, artifactsAdded, durationMs });
  } else output.line(report.store);
  output.note(
    `${formatCount(runs, "run")} as of ${manifest.createdAt}, ${formatCount(artifactsAdded, "artifact")} added, in ${formatDuration(durationMs)}.`,
  );
  output.note(`Next: af runs --status running --status waiting${followUpFlags(configuration)}`);
  return exitCodes.ok;
};
