import type { CrossingFault } from "@agentflow/contracts";
import type { Run } from "@agentflow/engine";
import { PretendedProcess } from "@agentflow/testkit";
import type { CorpusCaseFactory } from "../corpus/corpus.ts";
import type { CorpusCase, Outside } from "../corpus/corpus-case.ts";
import type { Stage } from "./stage.ts";

/** One process that advances the stage's run of a case, until its fault ends it. */
export class CaseProcess extends PretendedProcess {
  readonly case: CorpusCase;
  /** Another process has taken the run and this one does not know: nobody can keep it from calling the outside. */
  isOvertaken = false;
  readonly #stage: Stage;

  constructor(stage: Stage, makeCase: CorpusCaseFactory, fault?: CrossingFault) {
    const { clock, processes, artifacts, cache, tenant, recorder } = stage;
    const { backend } = stage.observed;
    const pid = 1_001 + stage.started.length;
    super({ backend, clock, processes, pid, fault, artifacts, cache, tenant, emitters: [recorder] });
    this.#stage = stage;
    stage.started.push(this);
    stage.world.forget();
    const outside: Outside = {
      salt: stage.world.salt,
      entered: (stepId, attempt) => {
        if (!this.line.isDead && !this.isOvertaken) stage.world.entered(stepId, attempt);
      },
      act: async (call) =>
        this.line.pass("outside", () => stage.world.act(call, { isOvertaken: this.isOvertaken })),
    };
    this.case = makeCase(outside);
  }

  /** Starts the run, or goes on with it: what a caller does who does not know how far it got. */
  async open(): Promise<Run> {
    const { backend, tenant, runId } = this.#stage;
    const head = await backend.runs.readHead(tenant, runId);
    if (head === undefined) {
      return this.engine.start(this.case.workflow, this.case.input as never, { id: runId, seed: "seed" });
    }
    const { mended, workflow } = this.case;
    const isMended = mended !== undefined && (head.status === "failed" || head.round > 0);
    return this.engine.resume(runId, isMended ? mended : workflow, { allowVersionMismatch: isMended });
  }
}
