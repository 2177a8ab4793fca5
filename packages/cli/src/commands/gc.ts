import { type FinishedStatus, UsageError } from "@agentflow/core";
import {
  type Configuration,
  collectGarbage,
  type EngineOptions,
  type GarbageReport,
  type RetentionOptions,
} from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, listOption, textOption } from "../command-configuration.ts";
import { numberOption } from "../number-option.ts";
import { withRuns } from "../open-runs.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { formatSize } from "../terminal/format-size.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";
import { durationOption } from "../time-option.ts";

const dayMs = 86_400_000;
const keepMax = 1_000_000_000;

/** `af gc`: removes what is redundant, and the finished runs that options and settings let go (S24). */
export const gc: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const options: EngineOptions = { ...configuration.options, retention: retentionOf(input, configuration) };
  const dryRun = input.options["dryRun"] === true;
  const giveSpaceBack = input.options["vacuum"] === true;
  if (dryRun && giveSpaceBack) throw new UsageError("--dry-run and --vacuum exclude each other.");
  const report = await withRuns(configuration, (store) =>
    collectGarbage(options, { store, dryRun, giveSpaceBack }),
  );
  if (report === undefined) {
    if (output.json) output.object(null);
    else output.note("There is no store here, and so nothing to remove.");
    return exitCodes.ok;
  }
  if (output.json) output.object(report);
  else print(report, output, followUpFlags(configuration));
  return exitCodes.ok;
};

/** What the settings say, with what is given on the command line in its place. */
function retentionOf(input: CommandInput, { options }: Configuration): RetentionOptions {
  const olderThanMs = durationOption(input, "olderThan", "older-than");
  const historyMs = durationOption(input, "historyOlderThan", "history-older-than");
  const keep = textOption(input, "keep");
  const statuses = listOption(input, "status") as readonly FinishedStatus[];
  return {
    ...options.retention,
    ...(olderThanMs === undefined ? {} : { keepRunsDays: olderThanMs / dayMs }),
    ...(historyMs === undefined ? {} : { keepHistoryDays: historyMs / dayMs }),
    ...(keep === undefined
      ? {}
      : { keepNewestRuns: numberOption(input, "keep", { fallback: 0, min: 0, max: keepMax }) }),
    ...(statuses.length === 0 ? {} : { removedStatuses: statuses }),
    ...(input.options["unexported"] === true ? { removeUnexported: true } : {}),
  };
}

function print(report: GarbageReport, output: Output, flags: string): void {
  const { snapshots, runs, histories, directories, owners, artifacts, cache } = report;
  const rows: readonly (readonly [string, number, number | undefined])[] = [
    ["redundant snapshots", snapshots.snapshots, snapshots.sizeBytes],
    ["finished runs", runs.runs, runs.sizeBytes],
    ["histories of finished runs", histories.runs, histories.sizeBytes],
    ["run directories", directories.directories, directories.sizeBytes],
    ["artifacts of no run", artifacts.files, artifacts.sizeBytes],
    ["cached results", cache.files, cache.sizeBytes],
    ["dead processes", owners, undefined],
  ];
  const titles = [
    { title: report.dryRun ? "WOULD GO" : "WENT" },
    { title: "COUNT", align: "right" },
    { title: "BYTES", align: "right" },
  ] as const;
  const cells = rows.map(([what, count, sizeBytes]) => [
    what,
    String(count),
    sizeBytes === undefined ? "" : formatSize(sizeBytes),
  ]);
  for (const line of textTable(titles, cells)) output.line(line);
  for (const note of notesOf(report, flags)) output.note(note);
}

function notesOf(report: GarbageReport, flags: string): readonly string[] {
  const { dryRun, unexported, snapshots, artifacts, space, durationMs } = report;
  const notes: string[] = [];
  if (unexported > 0)
    notes.push(
      `${formatCount(unexported, "run")} stayed because no export has taken them; --unexported lets them go.`,
    );
  if (snapshots.busy > 0)
    notes.push(`${formatCount(snapshots.busy, "run")} committed all the time; try again later.`);
  if (artifacts.shared) notes.push("Artifacts stayed: their folder is not known to be this store's alone.");
  if (space !== undefined) {
    const free = `${formatSize(space.freeBytes)} of its ${formatSize(space.sizeBytes)} are free for new runs`;
    const hint = space.freeBytes > 0 && !dryRun ? `; af gc --vacuum${flags} gives them back` : "";
    notes.push(`The store's file: ${free}${hint}.`);
  }
  notes.push(
    dryRun ? "Nothing was changed. Without --dry-run it goes." : `Took ${formatDuration(durationMs)}.`,
  );
  return notes;
}
