import { FakeHost, FakeProcesses, FaultyStore } from "@agentflow/contracts";
import type { ArtifactStore, ResponseCache, StoreBackend, Workflow } from "@agentflow/core";
import { Engine, type ResumeOptions, type Run, type StartOptions } from "@agentflow/engine";
import { systemClock } from "@agentflow/runtime";

/** A process that ends at a commit instead of making it. */
export interface DoomedProcess {
  readonly engine: Engine;
  /** Resolves when it has ended; what it was asked for never settles then. */
  readonly ended: Promise<void>;
}

/** Where a story happens: one store, and processes of one machine that come and go. */
export interface Stage {
  readonly runId: string;
  /** The process that is at work. */
  readonly engine: Engine;
  /** Starts the run that is recorded. */
  start(workflow: Workflow, input?: object, options?: StartOptions): Promise<Run>;
  /** Goes on with it in a new process, after the one at work has ended in an orderly way. */
  goOn(workflow: Workflow, options?: ResumeOptions): Promise<Run>;
  /** A process of its own beside the one at work, which ends instead of making its nth commit. */
  doomed(commit: number): DoomedProcess;
}

/** What is done to the run of a workflow; without a story it is started and left to itself. */
export type Story = (stage: Stage) => Promise<void>;

/** What a stage is made of. */
export interface StageParts {
  readonly backend: StoreBackend;
  readonly artifacts: ArtifactStore;
  readonly cache: ResponseCache;
  readonly runId: string;
}

/** A stage and its end. */
export function openStage(parts: StageParts): { readonly stage: Stage; close(): Promise<void> } {
  const { runId, backend, artifacts, cache } = parts;
  const processes = new FakeProcesses();
  let pid = 1_000;
  const engineOn = (store: StoreBackend): { engine: Engine; host: FakeHost } => {
    pid += 1;
    const host = new FakeHost({ processes, pid });
    return { engine: new Engine({ backend: store, clock: systemClock, host, artifacts, cache }), host };
  };
  let atWork = engineOn(backend).engine;
  const stage: Stage = {
    runId,
    get engine() {
      return atWork;
    },
    start: (workflow, input = {}, options = {}) =>
      atWork.start(workflow, input as never, { ...options, id: runId, seed: "seed" }),
    async goOn(workflow, options) {
      await atWork.close();
      atWork = engineOn(backend).engine;
      return atWork.resume(runId, workflow, options);
    },
    doomed(commit) {
      const store = new FaultyStore(backend, [{ call: commit, kind: "crashBefore", method: "commit" }]);
      const { engine, host } = engineOn(store);
      return { engine, ended: store.crashed.then(() => host.die()) };
    },
  };
  return { stage, close: () => atWork.close() };
}
