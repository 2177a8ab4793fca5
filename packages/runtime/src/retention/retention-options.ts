import { type FinishedStatus, finishedStatuses, type RemovalRule, ValidationError } from "@agentflow/core";

/**
 * What is kept of finished runs (S24). Without any of these only what is redundant is removed. A run that one of them
 * keeps stays; it goes when none does.
 */
export interface RetentionOptions {
  /** Whether an engine cleans its store up while it is open; `collectGarbage` does at any time. Yes, if not given. */
  readonly background?: boolean | undefined;
  /** Finished runs stay whole for so many days after their end; without it and `keepNewestRuns`, for ever. */
  readonly keepRunsDays?: number | undefined;
  /** The newest so many finished runs stay, however old. */
  readonly keepNewestRuns?: number | undefined;
  /** The history of runs that succeeded or were cancelled stays for so many days, their result longer. */
  readonly keepHistoryDays?: number | undefined;
  /** Which finished runs may go; all of them if not given. */
  readonly removedStatuses?: readonly FinishedStatus[] | undefined;
  /** Also runs that no export has taken may go. */
  readonly removeUnexported?: boolean | undefined;
  /** Cached results stay for so many days after their last use; 30 if not given. */
  readonly keepCacheDays?: number | undefined;
}

const dayMs = 86_400_000;

/** A time so many days before `now`, in milliseconds since the epoch. */
export function daysBefore(now: number, days: number): number {
  return now - days * dayMs;
}

/** The rules of what may go at a time: whole runs first, then histories. None without a setting. */
export function removalRules(options: RetentionOptions, tenant: string, now: number): readonly RemovalRule[] {
  const { keepRunsDays, keepNewestRuns, keepHistoryDays } = options;
  const { removedStatuses = finishedStatuses, removeUnexported = false } = options;
  const common = { tenant, statuses: removedStatuses, unexported: removeUnexported };
  const keep = keepNewestRuns === undefined ? {} : { keep: keepNewestRuns };
  const rules: RemovalRule[] = [];
  if (keepRunsDays !== undefined || keepNewestRuns !== undefined) {
    const before = keepRunsDays === undefined ? {} : { finishedBefore: daysBefore(now, keepRunsDays) };
    rules.push({ ...common, part: "run", ...before, ...keep });
  }
  if (keepHistoryDays !== undefined)
    rules.push({ ...common, part: "history", finishedBefore: daysBefore(now, keepHistoryDays) });
  return rules;
}

/** Throws ValidationError for a number that keeps nothing, or cannot be a number of days or runs. */
export function checkRetention(options: RetentionOptions): void {
  for (const name of ["keepRunsDays", "keepHistoryDays", "keepCacheDays", "keepNewestRuns"] as const) {
    const found = options[name];
    const isWhole = name === "keepNewestRuns" ? Number.isSafeInteger(found) : Number.isFinite(found);
    if (found === undefined || (isWhole && found >= 0)) continue;
    throw new ValidationError(
      "AF_ARGUMENT_INVALID",
      `retention.${name} must be a number from 0, not ${String(found)}.`,
      { context: { name, found: String(found) } },
    );
  }
  const unknown = options.removedStatuses?.find((status) => !finishedStatuses.includes(status));
  if (unknown === undefined) return;
  throw new ValidationError("AF_ARGUMENT_INVALID", `No run that has ended is ${JSON.stringify(unknown)}.`, {
    hint: `retention.removedStatuses takes ${finishedStatuses.join(", ")}.`,
    context: { name: "removedStatuses", found: String(unknown) },
  });
}
