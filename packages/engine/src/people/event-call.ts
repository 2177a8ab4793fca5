import type { Json, WaitOptions } from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";
import { nextTurn } from "../step/call-outside.ts";
import { checkEventKey } from "../step/check-call.ts";
import { parsed } from "../step/recorded-value.ts";
import type { StepHost } from "../step/step-host.ts";
import { never, recordEntry, recordedValue } from "../step/step-record.ts";
import { deadlineOf, type EndedWait, endOf, eventPatience, expiredJson } from "./deadline.ts";

/**
 * Waits for an event, or until its time is over (S13). An event that comes later is there for the next who waits: nobody
 * was told that this call would take it.
 */
export async function callWait(
  attempt: Attempt,
  host: StepHost,
  key: string,
  options: WaitOptions<Json>,
): Promise<Json> {
  const { task } = attempt;
  checkEventKey(key);
  const { waitMs, otherwise } = eventPatience(options);
  const waiting = task.journal.call("wait", key, "");
  const ended = task.journal.call("event", key, "");
  const settled = (entry: Json): Json => endOf(entry as EndedWait, `No event ${key} came to ${task.stepId}`);
  if (ended.found !== undefined) return settled(await recordedValue(attempt, host, ended.found));
  let begun = waiting.found;
  if (begun === undefined) {
    host.beforeCall(task, { kind: "wait", name: key, inputHash: "", input: null });
    const parts = { kind: "wait", name: key, inputHash: "", call: waiting, json: "null" } as const;
    begun = recordEntry(attempt, host, { ...parts, durationMs: waitMs });
  }
  const deadline = deadlineOf(begun);
  const isOver = deadline !== undefined && host.inbox.isDue(deadline);
  const turn = isOver || host.inbox.hasEvent(key) ? nextTurn(attempt, host) : undefined;
  if (turn !== undefined) await turn;
  if (attempt.isOver) return never();
  // Another call of the step, or another step, may have been faster.
  const event = host.inbox.takeEvent(key);
  if (event === undefined && !isOver) {
    host.park(attempt, { kind: "event", key, entry: waiting.index, at: begun.at, deadline });
    return never();
  }
  const json = event === undefined ? expiredJson(otherwise) : `{"value":${event.value}}`;
  const parts = { kind: "event", name: key, inputHash: "", call: ended, json, ends: waiting.index } as const;
  const entry = recordEntry(attempt, host, event === undefined ? parts : { ...parts, inbox: event.id });
  return settled(parsed(entry));
}
