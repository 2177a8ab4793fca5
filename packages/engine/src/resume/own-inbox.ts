import type { JournalEntry } from "@agentflow/core";

/**
 * Whether numbers of inbox rows in a stored row are of the run's own inbox. Those in its first commit are not: nothing had
 * come in before it, so that it holds the rows of the run that a fork or an import was made of (S23, RUN-10).
 */
export function isOwnInbox({ seq }: { readonly seq: number }): boolean {
  return seq > 1;
}

/** An entry as its own run may take it up: without the number that a row had in the inbox of another run. */
export function withOwnInbox(row: { readonly seq: number }, entry: JournalEntry): JournalEntry {
  if (entry.inbox === undefined || isOwnInbox(row)) return entry;
  const { inbox: _others, ...own } = entry;
  return own;
}
