import {
  deadlineSender,
  type InboxRow,
  type StoreBackend,
  StoreFailedError,
  StoreUnavailableError,
} from "@agentflow/core";
import type { RunEnvironment } from "../run/run-environment.ts";
import type { RunExecution } from "../run/run-execution.ts";
import type { Attempt } from "../step/attempt.ts";
import type { StepInbox } from "./step-inbox.ts";

type Place = Pick<Parameters<StoreBackend["inbox"]["refuse"]>[0], "tenant" | "runId" | "durability">;

/** Between two tries to reach a store that is away, in milliseconds. */
const pauseMs = 100;

/** The inbox of an executing run as its steps see it: what has come in, and what they say of it. */
export class RunInbox implements StepInbox {
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;

  constructor(run: RunExecution, environment: RunEnvironment) {
    this.#run = run;
    this.#environment = environment;
  }

  answerTo(interruptId: string): InboxRow | undefined {
    return this.#run.parking.answerTo(interruptId);
  }

  refuse(attempt: Attempt, { id }: InboxRow): Promise<void> {
    return this.#write(attempt, async (inbox, place) => {
      await inbox.refuse({ ...place, id });
      this.#run.parking.refuse(id);
    });
  }

  isDue(deadline: number): boolean {
    return this.#environment.clock.now() >= deadline;
  }

  expire(attempt: Attempt, interruptId: string, value: string): Promise<InboxRow> {
    const at = this.#environment.clock.now();
    const row = { kind: "answer", key: interruptId, value, by: deadlineSender, at } as const;
    return this.#write(attempt, async (inbox, place) => (await inbox.put({ ...place, row })).row);
  }

  hasEvent(key: string): boolean {
    return this.#run.parking.hasEvent(key);
  }

  takeEvent(key: string): InboxRow | undefined {
    return this.#run.parking.takeEvent(key);
  }

  /**
   * Writes what may be written twice, and waits for a store that is away, as commits do. A store that fails is no failure
   * of the step: the run stops here, and the step learns nothing more.
   */
  async #write<T>(
    attempt: Attempt,
    work: (inbox: StoreBackend["inbox"], place: Place) => Promise<T>,
  ): Promise<T> {
    const { origin, durability } = this.#run;
    const { tenant, runId } = origin;
    attempt.calls++;
    try {
      for (;;) {
        try {
          return await work(this.#environment.backend.inbox, { tenant, runId, durability });
        } catch (error) {
          if (!(error instanceof StoreUnavailableError) || this.#run.isStopping) throw error;
          await new Promise<void>((resolve) => this.#environment.clock.setTimer(pauseMs, resolve));
        }
      }
    } catch (error) {
      this.#run.abandon(error instanceof Error ? error : new StoreFailedError(String(error)));
      return await new Promise<T>(() => undefined);
    } finally {
      attempt.calls--;
      this.#run.callEnded(attempt);
    }
  }
}
