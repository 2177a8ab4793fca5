import type { InboxRow } from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";

/** What a step may ask and say of its run's inbox (S13). */
export interface StepInbox {
  /** The answer somebody gave to this interrupt, if any. */
  answerTo(interruptId: string): InboxRow | undefined;
  /** Makes room for another answer, as the interrupt does not accept this one. */
  refuse(attempt: Attempt, answer: InboxRow): Promise<void>;
  /** Whether a deadline has passed, in wall-clock milliseconds. */
  isDue(deadline: number): boolean;
  /** Ends an interrupt whose deadline has passed; resolves to the row that counts: this one, or an answer that was faster. */
  expire(attempt: Attempt, interruptId: string, value: string): Promise<InboxRow>;
  /** Whether an event with this key is there to be taken. */
  hasEvent(key: string): boolean;
  /** Takes the oldest event with this key that no step has taken. */
  takeEvent(key: string): InboxRow | undefined;
}

/** The inbox of a replay: what came in is in the record, and nothing else ever does (S25). */
export const recordedInbox: StepInbox = {
  answerTo: () => undefined,
  refuse: () => new Promise(() => undefined),
  isDue: () => false,
  expire: () => new Promise(() => undefined),
  hasEvent: () => false,
  takeEvent: () => undefined,
};
