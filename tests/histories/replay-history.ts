import type { StoreBackend } from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { memoryArtifacts, memoryCache } from "@agentflow/store";
import { importToldRun, type RecordedHistory } from "@agentflow/telemetry";
import type { RecordedWorkflow } from "./recorded-workflow.ts";
import { openStage } from "./stage.ts";
import { outcomeOf, type ToldOutcome } from "./told-outcome.ts";

/** What a history gives on a store: as it was recorded and, if it had not ended, after its ending. */
export interface ReplayedHistory {
  readonly outcome: ToldOutcome;
  readonly ended: ToldOutcome | undefined;
}

/** Imports a history into a store, replays it strictly from there, and ends what had not ended. */
export async function replayHistory(
  backend: StoreBackend,
  history: RecordedHistory,
  { recorded, earlier = [], ending }: RecordedWorkflow,
): Promise<ReplayedHistory> {
  const runId = `again-${history.events[0]?.runId}`;
  const artifacts = memoryArtifacts();
  await importToldRun(history, { store: backend.runs, tenant: "default", runId, artifacts });
  const { stage, close } = openStage({ backend, artifacts, cache: memoryCache(), runId });
  const told = async (engine: Engine) =>
    outcomeOf(engine, runId, await engine.replay(runId, recorded, { strict: true, earlier }));
  const outcome = await told(stage.engine);
  let ended: ToldOutcome | undefined;
  if (ending !== undefined) {
    await ending(stage);
    ended = await told(stage.engine);
  }
  await close();
  return { outcome, ended };
}
