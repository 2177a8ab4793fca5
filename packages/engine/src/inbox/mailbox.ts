import type { Clock, InboxRow, RunHead, StoreBackend } from "@agentflow/core";
import type { RunExecution } from "../run/run-execution.ts";
import { readStartedWith } from "../run/started-with.ts";

/** Runs whose news are asked for together. */
const pageRuns = 256;

/** What is put into a run's inbox: the store numbers it, and the clock tells when. */
export type Message = Omit<InboxRow, "id" | "at">;

/** What a mailbox works with. */
export interface MailboxParts {
  readonly tenant: string;
  readonly backend: StoreBackend;
  readonly clock: Clock;
  /** The run, if it executes here. */
  readonly live: (runId: string) => RunExecution | undefined;
  /** Something has come in for a run that does not execute here: it goes on, if it rests here and is due now. */
  readonly wakeUp: (runId: string) => Promise<void>;
  readonly onReadFailed: (error: unknown) => void;
}

/**
 * What is sent to runs, and how the runs of this process come to hear of it (S13, S21).
 *
 * 1. A run that executes or rests here hears at once of what this process sends. Of what others send it hears with its
 *    next commit, or with the next heartbeat, whichever comes first.
 * 2. An inbox is read by one reader at a time, always from the newest row that the run has seen: rows reach it in order.
 */
export class Mailbox {
  readonly #parts: MailboxParts;
  /** Runs whose inbox is being read, and whether to read it once more. */
  readonly #reading = new Map<RunExecution, { isStale: boolean }>();

  constructor(parts: MailboxParts) {
    this.#parts = parts;
  }

  /** Sends something to a run; resolves when it is durable at the run's level, and read by the run if it is here. */
  async put(head: RunHead, message: Message): ReturnType<StoreBackend["inbox"]["put"]> {
    const { backend, clock, live, wakeUp } = this.#parts;
    const { tenant, runId } = head;
    const run = live(runId);
    const durability =
      run === undefined ? (await readStartedWith(head, backend.runs)).durability : run.durability;
    const row = { ...message, at: clock.now() };
    const stored = await backend.inbox.put({ tenant, runId, row, durability });
    // Asked again: it may have been taken meanwhile.
    const listening = live(runId);
    if (listening === undefined) await wakeUp(runId);
    else await this.read(listening);
    return stored;
  }

  /** Gives a run all that it has not seen: others may have written before. */
  async read(run: RunExecution): Promise<void> {
    const reading = this.#reading.get(run);
    if (reading !== undefined) {
      reading.isStale = true;
      return;
    }
    const mine = { isStale: false };
    this.#reading.set(run, mine);
    try {
      do {
        mine.isStale = false;
        await this.#readOnce(run);
      } while (mine.isStale);
    } finally {
      this.#reading.delete(run);
    }
  }

  /** Gives runs what they have not seen; however many there are, the store is asked for news of all of them at once. */
  async readNews(runs: readonly RunExecution[]): Promise<void> {
    const { tenant, backend, onReadFailed } = this.#parts;
    for (let first = 0; first < runs.length; first += pageRuns) {
      const page = runs.slice(first, first + pageRuns);
      try {
        const newest = await backend.inbox.newest(
          tenant,
          page.map(({ origin }) => origin.runId),
        );
        const hasNews = ({ origin, parking }: RunExecution): boolean =>
          (newest.get(origin.runId) ?? 0) > parking.inboxSeen;
        await Promise.all(page.filter(hasNews).map((run) => this.read(run)));
      } catch (error) {
        onReadFailed(error);
      }
    }
  }

  async #readOnce(run: RunExecution): Promise<void> {
    const { tenant, runId } = run.origin;
    try {
      run.receive(await this.#parts.backend.inbox.read(tenant, runId, run.parking.inboxSeen));
    } catch (error) {
      this.#parts.onReadFailed(error);
    }
  }
}
