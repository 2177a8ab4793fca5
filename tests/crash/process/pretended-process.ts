import {
  type CrossingFault,
  FakeHost,
  FaultLine,
  interceptArtifacts,
  interceptBackend,
  interceptCache,
  interceptEmitter,
} from "@agentflow/contracts";
import { Engine, type Run } from "@agentflow/engine";
import type { CorpusCaseFactory } from "../corpus/corpus.ts";
import type { CorpusCase, Outside } from "../corpus/corpus-case.ts";
import { ProcessClock } from "./process-clock.ts";
import type { Stage } from "./stage.ts";

/** One process that advances the stage's run, until its fault ends it. */
export class PretendedProcess {
  readonly line: FaultLine;
  readonly host: FakeHost;
  readonly engine: Engine;
  readonly case: CorpusCase;
  /** Another process has taken the run and this one does not know: nobody can keep it from calling the outside. */
  isOvertaken = false;
  readonly #stage: Stage;
  readonly clock: ProcessClock;

  constructor(stage: Stage, makeCase: CorpusCaseFactory, fault?: CrossingFault) {
    this.#stage = stage;
    stage.world.forget();
    this.line = new FaultLine(fault);
    const pass: FaultLine["pass"] = (name, work) => this.line.pass(name, work);
    const outside: Outside = {
      salt: stage.world.salt,
      entered: (stepId, attempt) => {
        if (!this.line.isDead && !this.isOvertaken) stage.world.entered(stepId, attempt);
      },
      act: async (call) => pass("outside", () => stage.world.act(call, { isOvertaken: this.isOvertaken })),
    };
    this.case = makeCase(outside);
    this.clock = new ProcessClock(stage.clock);
    this.host = new FakeHost({ processes: stage.processes, pid: stage.enter(this) });
    this.engine = new Engine({
      backend: interceptBackend(stage.observed.backend, pass),
      clock: this.clock,
      host: this.host,
      artifacts: interceptArtifacts(stage.artifacts, pass),
      cache: interceptCache(stage.cache, pass),
      emitters: [interceptEmitter(stage.recorder, pass)],
      tenant: stage.tenant,
      isPipelined: stage.isPipelined,
    });
    void this.line.crashed.then(() => this.end());
  }

  /** Starts the run, or goes on with it: what a caller does who does not know how far it got. */
  async open(): Promise<Run> {
    const { backend, tenant, runId } = this.#stage;
    const head = await backend.runs.readHead(tenant, runId);
    if (head === undefined) {
      return this.engine.start(this.case.workflow, this.case.input as never, { runId, seed: "seed" });
    }
    const { mended, workflow } = this.case;
    const isMended = mended !== undefined && (head.status === "failed" || head.round > 0);
    return this.engine.resume(runId, isMended ? mended : workflow, { allowVersionMismatch: isMended });
  }

  /** The process is gone, as others of its machine see it, and nothing of it goes on. */
  end(): void {
    this.host.die();
    this.clock.stop();
    if (!this.line.isDead) this.line.crash();
  }
}
