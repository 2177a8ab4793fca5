import assert from "node:assert/strict";
import { type CrossingFault, FakeClock } from "@agentflow/contracts";
import type { StoreBackend } from "@agentflow/core";
import { pictureOf, type RunPicture, storedEvents } from "@agentflow/testkit";
import type { CorpusCaseFactory } from "../corpus/corpus.ts";
import { advanceToEnd, closeProcess } from "./advance-run.ts";
import { CaseProcess } from "./case-process.ts";
import { Stage } from "./stage.ts";

/** What is left of a run and its processes when it has succeeded. */
export interface CrashStory {
  readonly stage: Stage;
  readonly picture: RunPicture;
  /** The processes, in the order in which they had the run. */
  readonly processes: readonly CaseProcess[];
}

const processesMax = 12;

/** What disturbs a story. */
export interface StoryOptions {
  /** The nth process meets the nth of these. */
  readonly faults?: readonly CrossingFault[];
  /** The time of all processes; it stands still unless something waits for it. */
  readonly clock?: FakeClock;
}

/** Runs a case to its end through as many processes as it takes. The last one closes in order. */
export async function tellStory(
  makeCase: CorpusCaseFactory,
  backend: StoreBackend,
  tenant: string,
  { faults = [], clock = new FakeClock() }: StoryOptions = {},
): Promise<CrashStory> {
  const stage = new Stage(backend, tenant, clock);
  const processes: CaseProcess[] = [];
  while (processes.length < processesMax) {
    const process = new CaseProcess(stage, makeCase, faults[processes.length]);
    processes.push(process);
    const left = await advanceToEnd(stage, process);
    const isClosed = left === "ended" && (await closeProcess(stage, process)) === "closed";
    process.end();
    await stage.observed.settled();
    if (isClosed) return { stage, picture: await pictureOf(stage), processes };
  }
  throw new Error(`the run did not end within ${processesMax} processes`);
}

/** Holds a story with faults against the same case without. */
export async function checkStory(story: CrashStory, reference: CrashStory): Promise<void> {
  const { stage } = story;
  assert.deepEqual(story.picture, reference.picture);
  assert.deepEqual(stage.world.problems, []);
  assert.deepEqual(stage.recorder.problems, []);
  assert.equal(stage.recorder.replaced, 0, "no event is delivered under two ids");
  const stored = await storedEvents(stage);
  assert.deepEqual(
    stored.map(({ seq }) => seq),
    stored.map((_event, index) => index + 1),
  );
  assert.deepEqual(stage.recorder.events, stored, "every record event arrives once, in order");
  assert.deepEqual([...stage.world.calls.keys()].sort(), [...reference.stage.world.calls.keys()].sort());
  const again = story.processes.length + 1;
  for (const [key, count] of stage.world.calls)
    assert.ok(count <= (reference.stage.world.calls.get(key) ?? 0) + again, `${key} came ${count} times`);
}
