import { checkOptions } from "../graph/check-options.ts";
import { defineWorkflow } from "../graph/define-workflow.ts";
import type { FlowBody, Workflow, WorkflowModel } from "../graph/model.ts";
import { refuseProblems } from "../graph/refuse-problems.ts";
import type { WorkflowOptions } from "../graph/workflow-options.ts";
import type { Field, StateSpec } from "../state/field.ts";
import type { StandardSchema } from "../state/standard-schema.ts";
import { value } from "../state/value.ts";
import type { FlowContext } from "./flow-context.ts";
import type { FlowSpec } from "./flow-spec.ts";

/** What a flow is given beside its body. */
export interface FlowOptions<Input = unknown, Output = unknown>
  extends Pick<WorkflowOptions<StateSpec>, "version" | "limits" | "siblings" | "compensation"> {
  /** Validates the input when a run starts. */
  readonly input?: StandardSchema<unknown, Input>;
  /** Validates what the body returns; not asynchronously. */
  readonly output?: StandardSchema<unknown, Output>;
}

/** A flow: a workflow whose steps are what its body calls. It goes wherever a workflow does. */
export type Flow<Input = unknown, Output = unknown> = Workflow<FlowSpec<Input, Output>>;

/**
 * A workflow written as a function (ENG-53). The body is executed again on what its calls gave, after a crash, after a
 * wait and in a replay: whatever is not a function of its input has to come from `ctx`. Throws GraphError for options
 * that cannot be used.
 */
export function flow<Input, Output>(
  name: string,
  options: FlowOptions<Input, Output>,
  body: (input: Input, ctx: FlowContext) => Output | Promise<Output>,
): Flow<Input, Output> {
  const model = modelOf(name, options as FlowOptions, bodyOf(body as Parameters<typeof bodyOf>[0]));
  const problems = checkOptions(model);
  if (typeof body !== "function") problems.push(`The flow "${String(name)}" has no body: give a function.`);
  refuseProblems(model, problems);
  return defineWorkflow<FlowSpec<Input, Output>, string>(model);
}

function modelOf(name: string, options: FlowOptions, body: FlowBody): WorkflowModel {
  const { version, input, output, limits, siblings, compensation } = options;
  const fields = {
    input: input === undefined ? value<unknown>() : value<unknown>({ schema: input }),
    output: value<unknown>(undefined, output === undefined ? undefined : { schema: output }),
  };
  const node = { name, kind: "node", body, after: [], gotos: [], policy: {} } as const;
  return Object.freeze({
    name,
    version,
    fields: Object.freeze(fields) as Readonly<Record<string, Field>>,
    nodes: Object.freeze([Object.freeze(node)]),
    entry: name,
    exits: Object.freeze([name]),
    edges: Object.freeze([]),
    routes: Object.freeze([]),
    conflict: "fail",
    limits: Object.freeze({ ...limits }),
    siblings: siblings ?? "finish",
    ...(compensation === undefined ? {} : { compensation: Object.freeze({ ...compensation }) }),
    // What is not there is null in JSON.
    toState: (given: unknown) => ({ input: given ?? null }),
    toResult: (state: object) => (state as { readonly output?: unknown }).output,
  } satisfies WorkflowModel);
}

/** The body as the engine calls it: on the state of its run, for a delta. */
function bodyOf(body: (input: unknown, ctx: FlowContext) => unknown): FlowBody {
  const run: FlowBody["run"] = async (state, ctx) => ({
    output: await body((state as { readonly input: unknown }).input, ctx),
  });
  return Object.freeze({ type: "flow", run });
}
