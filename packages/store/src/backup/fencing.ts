/*
 * What a restore changes beside putting rows back, so that no process from before it can go on (S20, I6).
 *
 * 1. No run has an owner and no process is registered: whoever was is not there any more, or is fenced.
 * 2. Each run's epoch is above any that was given after the backup. A process that remembers a run from then has a
 *    lower one, also if the run came to the same seq again.
 * 3. New runs get numbers above any that were given after the backup. A process that remembers the number of a run
 *    that the restore took away cannot meet another run under it.
 */
const epochStep = 1_000_000;

/** How far the numbers of new runs go up. Large enough for what was started after a backup, small enough to stay short. */
export const runNumberStep = 16_777_216;

/** Statements for the first two rules, with the given table names. */
export function fencingStatements(table: (name: string) => string): readonly string[] {
  return [
    `UPDATE ${table("af_runs")} SET epoch = epoch + ${epochStep}, owner = NULL`,
    `DELETE FROM ${table("af_owners")}`,
  ];
}
