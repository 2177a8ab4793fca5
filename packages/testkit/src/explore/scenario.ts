import {
  NoProgressError,
  type RunInputOf,
  type RunResultOf,
  type StateSpec,
  type Workflow,
} from "@agentflow/core";
import type { GivenAnswers } from "../io/scripted-calls.ts";
import { type Disturbance, Laboratory, type WorkflowSource } from "../run/laboratory.ts";
import { pictureOf, type RunPicture } from "../run/run-picture.ts";
import { subjectOf } from "../run/test-engine.ts";
import type { TestRunOptions } from "../run/test-run.ts";
import { reportOf, type TestedRun } from "../run/tested-run.ts";

/** The world of each run of an exploration. */
export interface Scenario<Result = unknown>
  extends Pick<TestRunOptions, "now" | "io" | "answers" | "signals" | "limits"> {
  /** Looks at each run when it has ended; what it throws is told with the way that led there. */
  check?(run: TestedRun<Result>): void | Promise<void>;
}

/** What is explored beside the workflow and its input. */
export interface Exploration<Result = unknown> extends Scenario<Result> {
  /** Makes what a run needs for itself, such as fakes that keep state; it wins over what is given beside it. */
  setUp?(): Scenario<Result>;
}

/** A workflow with its input and world, to be executed over and over. */
export interface Subjected<Spec extends StateSpec> {
  readonly workflow: WorkflowSource<Spec>;
  readonly input: RunInputOf<Spec>;
  readonly exploration: Exploration<RunResultOf<Spec>>;
  /** Which answers of sequences were given: the same calls get the same ones in each run. */
  readonly given: GivenAnswers;
}

/** What is wrong with an execution. */
export interface Trouble {
  readonly text: string;
  readonly error: unknown;
}

/** One execution, to be held against others. */
export interface Execution {
  readonly run: TestedRun;
  /** Undefined if the run stands still. */
  readonly picture: RunPicture | undefined;
  /** Why it is no good, whatever others come to: it stands still, or `check` threw. */
  readonly trouble: Trouble | undefined;
  readonly laboratory: Laboratory;
  /** Steps of a flow are numbered as they are called: only its result must not depend on what happened. */
  readonly hasFlow: boolean;
}

/** Executes a workflow once, in a laboratory of its own. */
export async function execute<Spec extends StateSpec>(
  { workflow, input, exploration, given }: Subjected<Spec>,
  disturbance: Disturbance,
  limits: Scenario["limits"] = {},
): Promise<Execution> {
  const scenario = { ...exploration, ...exploration.setUp?.() };
  const { now, io, answers, signals } = scenario;
  const options = { ...(now === undefined ? {} : { now }), ...(io === undefined ? {} : { io }) };
  const laboratory = new Laboratory(options, { ...disturbance, given });
  const subject = subjectOf(laboratory, workflow, input, {
    id: "run-1",
    limits: { ...limits, ...scenario.limits },
    ...(answers === undefined ? {} : { answers }),
    ...(signals === undefined ? {} : { signals }),
  });
  await laboratory.add(subject);
  const settled = await laboratory.settle(subject).catch(standsStill);
  const isStill = settled instanceof NoProgressError;
  const run = await reportOf<RunResultOf<Spec>>(laboratory, subject, isStill ? undefined : settled);
  const trouble = isStill ? { text: settled.message, error: settled } : await refusalOf(run, scenario);
  const picture = isStill ? undefined : await pictureOf(laboratory.placeOf(subject.runId));
  await laboratory.close();
  return { run, picture, trouble, laboratory, hasFlow: hasFlow(subject.makeWorkflow()) };
}

function hasFlow({ model }: Workflow): boolean {
  return model.nodes.some(
    ({ body }) => body.type === "flow" || (body.type === "nested" && hasFlow(body.child)),
  );
}

function standsStill(error: unknown): NoProgressError {
  if (error instanceof NoProgressError) return error;
  throw error;
}

async function refusalOf<Result>(
  run: TestedRun<Result>,
  scenario: Scenario<Result>,
): Promise<Trouble | undefined> {
  try {
    await scenario.check?.(run);
    return undefined;
  } catch (error) {
    return {
      text: `\`check\` does not hold: ${error instanceof Error ? error.message : String(error)}`,
      error,
    };
  }
}
