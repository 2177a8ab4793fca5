import { UsageError } from "@agentflow/core";
import {
  type MigrationEntry,
  type MigrationReport,
  type MigrationStatus,
  migrateStore,
  migrationStatus,
} from "@agentflow/runtime";
import { commandConfiguration, textArgument, textOption } from "../command-configuration.ts";
import { numberOption } from "../number-option.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";

const versionMax = 9_999;

/** `af migrate up|down|status`: the schema of the store (STO-2). */
export const migrate: CommandHandler = async (input, session) => {
  const action = textArgument(input, "action");
  if (action !== "up" && action !== "down" && action !== "status") {
    throw new UsageError(`af migrate cannot do ${JSON.stringify(action)}.`, {
      hint: "Write af migrate up, af migrate down or af migrate status.",
    });
  }
  const { options } = await commandConfiguration(input, session);
  const status = await migrationStatus(options);
  if (action === "status") return printStatus(status, session.output);
  const to = targetOf(action, status, input);
  if (action === "down" && to < status.version) askFirst(status, to, input);
  const report = await migrateStore(options, { to });
  return print(report, status, session);
};

/** The version that a command goes to; nothing above it for `down`, nothing below it for `up`. */
function targetOf(action: "up" | "down", { version, newest }: MigrationStatus, input: CommandInput): number {
  const [to, steps] = [textOption(input, "to"), textOption(input, "steps")];
  if (to !== undefined && steps !== undefined) throw new UsageError("--to and --steps exclude each other.");
  const whole = { fallback: action === "up" ? versionMax : 1, min: 0, max: versionMax };
  if (to === undefined) {
    const count = numberOption(input, "steps", whole);
    return action === "up"
      ? Math.max(version, Math.min(newest, version + count))
      : Math.max(0, version - count);
  }
  const target = numberOption(input, "to", whole);
  const isBackwards = action === "up" ? target < version : target > version;
  if (!isBackwards) return target;
  throw new UsageError(
    `The schema has version ${version}: af migrate ${action} does not lead to ${target}.`,
    {
      hint: `Write af migrate ${action === "up" ? "down" : "up"} --to ${target}.`,
    },
  );
}

function askFirst(status: MigrationStatus, to: number, input: CommandInput): void {
  if (input.options["yes"] === true) return;
  const lost = status.migrations.flatMap(({ version, loses }) =>
    version > to && version <= status.version && loses !== undefined ? [loses] : [],
  );
  const what =
    lost.length === 0
      ? "keeps every row"
      : `drops for good: ${lost.join("; ")} (the store holds ${formatCount(status.runs, "run")})`;
  throw new UsageError(`Taking the schema from version ${status.version} to ${to} ${what}.`, {
    hint: "Make a backup with af backup, then add --yes.",
    context: { from: status.version, to, loses: lost, runs: status.runs },
  });
}

function print(report: MigrationReport, { migrations }: MigrationStatus, { output }: Session): number {
  const { from, to, durationMs } = report;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const gone = migrations.filter(({ version }) => version > low && version <= high);
  if (output.json) {
    output.object({ ...report, migrations: gone.map(({ version, name }) => ({ version, name })) });
    return exitCodes.ok;
  }
  output.line(from === to ? `version ${to}` : `version ${from} -> ${to}`);
  output.note(`${whatWasDone(report, gone, migrations)} in ${formatDuration(durationMs)}.`);
  return exitCodes.ok;
}

function whatWasDone(
  { from, to }: MigrationReport,
  gone: readonly MigrationEntry[],
  before: readonly MigrationEntry[],
): string {
  const isFinished = before.some(({ status }) => status === "unfinished");
  if (from === to) return isFinished ? "Finished what had not come to its end" : "Nothing to do: looked";
  const names = gone.map(({ version, name }) => `${version} ${name}`).join(", ");
  return `${to > from ? "Applied" : "Took back"} ${names}`;
}

function printStatus(status: MigrationStatus, output: Output): number {
  const { store, version, newest, migrations } = status;
  const pending = migrations.filter((each) => each.status === "pending").length;
  if (output.json) {
    output.object({
      ...status,
      pending,
      migrations: migrations.map(({ appliedAt, loses, ...entry }) => ({
        ...entry,
        appliedAt: appliedAt === undefined ? null : new Date(appliedAt).toISOString(),
        loses: loses ?? null,
      })),
    });
    return exitCodes.ok;
  }
  const titles = ["VERSION", "NAME", "STATUS", "APPLIED (UTC)", "CHECKSUM"].map((title) => ({ title }));
  for (const line of textTable(titles, migrations.map(rowOf))) output.line(line);
  output.note(`${store} has version ${version}; this program needs ${newest}.`);
  const isUnfinished = migrations.some((each) => each.status === "unfinished");
  if (pending > 0 || isUnfinished) output.note("Next: af migrate up");
  return exitCodes.ok;
}

function rowOf({ version, name, status, appliedAt, checksum }: MigrationEntry): string[] {
  const time =
    appliedAt === undefined ? "-" : new Date(appliedAt).toISOString().slice(0, 19).replace("T", " ");
  return [String(version), name, status, time, checksum.slice(0, 12)];
}
