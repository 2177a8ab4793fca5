import {
  type Clock,
  diffJson,
  HistoryRemovedError,
  type JsonChange,
  type JsonObject,
  type RunHead,
  RunNotFoundError,
  type StoreBackend,
  ValidationError,
  type Workflow,
} from "@agentflow/core";
import { compile } from "../compile/compiled-workflow.ts";
import { LiveListeners } from "../emit/live-listeners.ts";
import { diffRuns, type RunDiff } from "../fork/diff-runs.ts";
import { findForkPoint } from "../fork/fork-point.ts";
import { type ForkPreview, previewFork } from "../fork/fork-preview.ts";
import { type StateAt, scopeAt } from "../fork/state-at.ts";
import { type Backtest, backtestRun } from "../replay/backtest-run.ts";
import { debugStep, type StepDebug } from "../replay/debug-step.ts";
import { type ReplayOptions, type ReplayReport, replayRun } from "../replay/replay-run.ts";
import { streamRun } from "../streams/event-stream.ts";
import type { RunEventsOptions, StreamItem, StreamMode, UsualModes } from "../streams/stream-options.ts";
import { type Checkpoint, readHistory } from "./history.ts";
import { readWhole } from "./read-whole.ts";
import { inspectRun, type RunView } from "./run-view.ts";
import { type Explanation, explainRun } from "./why.ts";

/** What reading runs takes. */
export interface ReaderParts {
  readonly backend: StoreBackend;
  readonly clock: Clock;
  readonly tenant?: string | undefined;
}

const listeners = new WeakMap<RunReader, LiveListeners>();

/** Who reads which of the runs that are executed beside a reader. */
export function listenersOf(reader: RunReader): LiveListeners {
  const known = listeners.get(reader) ?? new LiveListeners();
  listeners.set(reader, known);
  return known;
}

/** Tells of the runs of a store, in whichever process they are executed, and changes none. */
export class RunReader {
  readonly tenant: string;
  readonly #backend: StoreBackend;
  readonly #clock: Clock;

  constructor({ backend, clock, tenant = "default" }: ReaderParts) {
    this.tenant = tenant;
    this.#backend = backend;
    this.#clock = clock;
  }

  /**
   * Executes the committed steps of a run again on its journal, without any effect, and compares (S25). With `strict`
   * the first divergence is thrown as ReplayMismatchError. Rejects with HistoryRemovedError where retention has removed
   * what would be compared (S24).
   */
  async replay(runId: string, workflow: Workflow, options: ReplayOptions = {}): Promise<ReplayReport> {
    const head = await this.readHead(runId);
    const backend = this.#backend;
    return readWhole(head, backend.runs, () =>
      replayRun({ head, workflow: compile(workflow), options, environment: { backend } }),
    );
  }

  /**
   * Says what would become of a stored run under other code: whether it replays to the same, can be resumed, and goes on
   * where its open steps are (ENG-54). Nothing outside is called and nothing is stored.
   */
  async backtest(runId: string, workflow: Workflow): Promise<Backtest> {
    const head = await this.readHead(runId);
    return backtestRun(head, compile(workflow), { backend: this.#backend });
  }

  /**
   * Executes one step of a run again on its journal, from the state it had, and tells how that ended (ENG-55). `onStep` is
   * called right before its function. Rejects with ValidationError for a step that the run does not have.
   */
  async debug(
    runId: string,
    { step, workflow, onStep }: { readonly step: string; readonly workflow: Workflow; onStep?(): void },
  ): Promise<StepDebug> {
    const head = await this.readHead(runId);
    const { runs } = this.#backend;
    return readWhole(head, runs, () => debugStep(head, { step, workflow: compile(workflow), onStep }, runs));
  }

  /** The checkpoints of a run: its seals, oldest first (ENG-31). Rejects with HistoryRemovedError (S24). */
  async history(runId: string): Promise<readonly Checkpoint[]> {
    const head = await this.readHead(runId);
    const { runs } = this.#backend;
    return readWhole(head, runs, () => readHistory(head, runs));
  }

  /**
   * What a fork at a step or checkpoint would keep and what it would do again: steps, calls and effects (S23). Rejects with
   * ForkPointError.
   */
  async forkPreview(runId: string, { at }: { readonly at: string | number }): Promise<ForkPreview> {
    const head = await this.readHead(runId);
    const { runs } = this.#backend;
    return readWhole(head, runs, () => previewFork(head, at, runs));
  }

  /** Where two runs differ: the first divergence, each step, and the state; or where two states do (ENG-31). */
  diff(first: string, second: string): Promise<RunDiff>;
  diff(first: StateAt, second: StateAt): Promise<readonly JsonChange[]>;
  async diff(first: string | StateAt, second: string | StateAt): Promise<RunDiff | readonly JsonChange[]> {
    if (typeof first !== "string" && typeof second !== "string")
      return diffJson(await this.#stateAt(first), await this.#stateAt(second));
    if (typeof first !== typeof second)
      throw new ValidationError(
        "AF_ARGUMENT_INVALID",
        "A run is compared with a run, a state with a state.",
        {
          hint: "Give two run ids, or two of `{ runId, at, workflow }`.",
        },
      );
    const heads = [await this.readHead(String(first)), await this.readHead(String(second))] as const;
    const { runs } = this.#backend;
    return readWhole(heads[0], runs, () => readWhole(heads[1], runs, () => diffRuns(...heads, runs)));
  }

  /** What is stored of a run, without its workflow's code; of one without its history only the result (S24). */
  async inspect(runId: string): Promise<RunView> {
    const head = await this.readHead(runId);
    const { runs } = this.#backend;
    if (head.historyRemovedAt !== undefined) return inspectRun(head, runs);
    try {
      return await readWhole(head, runs, () => inspectRun(head, runs));
    } catch (error) {
      // Its history went while it was read: what is left is read again.
      if (error instanceof HistoryRemovedError) return this.inspect(runId);
      throw error;
    }
  }

  /** Why a run is where it is (ENG-56). */
  async why(runId: string): Promise<Explanation> {
    return explainRun(await this.readHead(runId), this.#backend, this.#clock);
  }

  /**
   * Record events of a run from a seq on, what its steps returned, or its states; with `follow`, which is on, until it
   * ends, also when another process runs it, and then with live events of this process between. Throws ValidationError
   * for options; the stream rejects with RunNotFoundError or CursorError.
   */
  events<Mode extends StreamMode = UsualModes>(
    runId: string,
    options: RunEventsOptions<Mode> = {},
  ): AsyncGenerator<StreamItem<object, Mode>, void, void> {
    const workflow = options.workflow && compile(options.workflow);
    const source = { tenant: this.tenant, runId, runs: this.#backend.runs, clock: this.#clock };
    const listeners = listenersOf(this);
    return streamRun<object, Mode>(options, { ...source, listeners, hasStopped: () => undefined, workflow });
  }

  async #stateAt({ runId, at, workflow }: StateAt): Promise<JsonObject> {
    const head = await this.readHead(runId);
    const { runs } = this.#backend;
    return readWhole(head, runs, async () => {
      const point = await findForkPoint(head, at, runs);
      return (await scopeAt(head, point, compile(workflow), runs)).state.toJson();
    });
  }

  /** Rejects with RunNotFoundError. */
  protected async readHead(runId: string): Promise<RunHead> {
    const head = await this.#backend.runs.readHead(this.tenant, runId);
    if (head !== undefined) return head;
    throw new RunNotFoundError(`There is no run ${runId}.`, { context: { runId, tenant: this.tenant } });
  }
}
