import type { InboxRow } from "../ports/inbox-store.ts";
import type { RunStatus } from "./run-head.ts";

const wokenBy: Readonly<Record<InboxRow["kind"], readonly RunStatus[]>> = {
  answer: ["waiting"],
  refused: [],
  event: ["waiting"],
  pause: ["waiting"],
  cancel: ["waiting", "paused", "queued"],
  resume: ["waiting", "paused", "queued", "failed"],
};

/**
 * Whether an inbox row makes a run of this status due (S21): an answer or an event only if a step waits for it, so that
 * what nobody waits for takes no run from its rest.
 */
export function wakesRun(kind: InboxRow["kind"], status: RunStatus, isAwaited: boolean): boolean {
  const isSaid = kind === "answer" || kind === "event";
  return wokenBy[kind].includes(status) && (isAwaited || !isSaid);
}
