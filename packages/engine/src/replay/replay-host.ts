import {
  type ArtifactStore,
  CapabilityError,
  type Clock,
  type JournalEntry,
  type Json,
  type RunHead,
  sha256Hex,
} from "@agentflow/core";
import type { FlowExecution } from "../flow/flow-call.ts";
import { recordedInbox } from "../people/step-inbox.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import { cacheIdentityOf } from "../run/step-cache.ts";
import type { Attempt } from "../step/attempt.ts";
import type { StepHost } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";
import { type Divergence, DivergenceFound } from "./divergence.ts";

/** Time stands at its end: every recorded sleep is over, and nothing else may ask (S25). */
const endOfTime: Clock = {
  now: () => Number.MAX_SAFE_INTEGER,
  monotonic: () => 0,
  setTimer: () => () => undefined,
};

/** Hashes and keeps nothing: what a replayed step writes is compared, not stored. */
const noArtifacts: ArtifactStore = {
  put: async (_tenant, bytes) => ({ sha256: sha256Hex(bytes), sizeBytes: bytes.byteLength }),
  get: async () => {
    throw new CapabilityError("A replay reads no artifacts.");
  },
  has: async () => false,
};

/**
 * What a step may ask while it is replayed: its journal and nothing else (S25). Everything else is a divergence, except a
 * call that never settles and a wait that never ends: the step may have ended without them, as the loser of a race does.
 */
export class ReplayHost implements StepHost {
  readonly runId: string;
  readonly tenant: string;
  readonly seed: string;
  readonly clock = endOfTime;
  readonly cache = undefined;
  readonly interceptor = undefined;
  readonly trace = undefined;
  readonly artifacts = noArtifacts;
  readonly inbox = recordedInbox;
  readonly #scope: ScopeExecution;
  readonly #startedAt: number;
  readonly #calls: FlowExecution;
  readonly #onDivergence: (divergence: Divergence) => void;
  readonly #onUnsettled: (divergence: Divergence) => void;

  constructor(
    head: RunHead,
    scope: ScopeExecution,
    { attempt, calls }: { readonly attempt: Attempt; readonly calls: FlowExecution },
    on: {
      readonly divergence: (divergence: Divergence) => void;
      readonly unsettled: (divergence: Divergence) => void;
    },
  ) {
    this.runId = head.runId;
    this.tenant = head.tenant;
    this.seed = head.seed;
    this.#scope = scope;
    this.#startedAt = attempt.startedAt;
    this.#calls = calls;
    this.#onDivergence = on.divergence;
    this.#onUnsettled = on.unsettled;
  }

  beforeCall(task: StepTask, call: { kind: string; name: string; inputHash: string; input: Json }): void {
    const recorded = task.journal.unmet.find(
      (entry) => entry.kind.startsWith(call.kind) && entry.name === call.name,
    );
    const field = call.kind === "now" ? "now" : `${call.kind} "${call.name}"`;
    const expected =
      recorded === undefined ? "no such call" : { inputHash: recorded.inputHash, nth: recorded.nth };
    const actual = { inputHash: call.inputHash, input: call.input };
    // The clock answers at once, and a wait is recorded when it begins: neither can be left unfinished.
    if (call.kind === "now" || call.kind === "wait") this.#diverge(task, field, expected, actual);
    this.#onUnsettled({ stepId: task.stepId, field, expected, actual });
  }

  record(task: StepTask, entry: JournalEntry): void {
    this.#diverge(task, `${entry.kind} "${entry.name}"`, "no such entry", { index: entry.index });
  }

  park(attempt: Attempt): void {
    const { stepId } = attempt.task;
    const [expected, actual] = ["an outcome", "the step waits for the outside"];
    this.#onUnsettled({ stepId, field: "outcome", expected, actual });
  }

  boundArtifact(_task: StepTask, path: string): string | undefined {
    return this.#scope.artifacts.get(path);
  }

  /** Asked only by calls that the journal does not know: they are not made. */
  whenDurable(): Promise<void> {
    return new Promise(() => undefined);
  }

  transact({ task }: Attempt): Promise<void> {
    return Promise.reject(this.#found(task, "tx", "a recorded effect", "none"));
  }

  ioStarted(): void {
    // Nothing is ever under way in a replay.
  }

  ioEnded(): void {
    // Nothing is ever under way in a replay.
  }

  /**
   * Runs of version 0.1.0 did not record the end of a sleep: one whose time had come when the step's last execution
   * began was over.
   */
  hasSlept(until: number): boolean {
    return until <= this.#startedAt;
  }

  beginFlow(): FlowExecution {
    return this.#calls;
  }

  live(): void {
    // A replay shows nothing: what was shown was never recorded (S6).
  }

  cacheIdentity(): ReturnType<StepHost["cacheIdentity"]> {
    return cacheIdentityOf(this.#scope.workflow);
  }

  cacheScope(kind: "run" | "shared"): ReturnType<StepHost["cacheScope"]> {
    return kind === "run" ? { kind, tenant: this.tenant, runId: this.runId } : { kind, tenant: this.tenant };
  }

  #diverge(task: StepTask, field: string, expected: Json, actual: Json): never {
    throw this.#found(task, field, expected, actual);
  }

  #found(task: StepTask, field: string, expected: Json, actual: Json): DivergenceFound {
    const divergence = { stepId: task.stepId, field, expected, actual };
    this.#onDivergence(divergence);
    return new DivergenceFound(divergence);
  }
}
