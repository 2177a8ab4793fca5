import {
  checkNodeName,
  encodeJson,
  type FlowContext,
  type FlowMapOptions,
  type FlowStepOptions,
  isWorkflow,
  type Json,
  type NodeContext,
  type NodeModel,
  type NodePolicy,
  nestedBody,
  type RunInputOf,
  type RunResultOf,
  resolveRetryPolicy,
  type StateSpec,
  sha256Hex,
  ValidationError,
  type Workflow,
} from "@agentflow/core";
import { compile } from "../compile/compiled-workflow.ts";
import { checkInputShape } from "../state/check-input.ts";
import { encodeInput } from "../state/scope-state.ts";
import type { Attempt } from "../step/attempt.ts";
import { takeTurn } from "../step/call-outside.ts";
import { checkFunction, checkTimeout } from "../step/check-call.ts";
import { RecordedError } from "../step/recorded-error.ts";
import { StepContext } from "../step/step-context.ts";
import type { StepHost } from "../step/step-host.ts";
import { never } from "../step/step-record.ts";
import type { CallRequest, FlowExecution } from "./flow-call.ts";

/** What user code gives a step of a flow. */
type StepFunction = (input: Json, ctx: NodeContext) => unknown;

/** The `ctx` of one execution of a flow's body (ENG-53). */
export class FlowStepContext extends StepContext implements FlowContext {
  readonly #attempt: Attempt;
  readonly #host: StepHost;
  readonly #calls: FlowExecution;

  constructor(attempt: Attempt, host: StepHost) {
    super(attempt, host);
    this.#attempt = attempt;
    this.#host = host;
    this.#calls = host.beginFlow(attempt);
  }

  async step<Input, Result>(
    name: string,
    input: Input,
    run: (input: Input, ctx: NodeContext) => Result | Promise<Result>,
    options: FlowStepOptions<Input, Result> = {},
  ): Promise<Result> {
    if (this.#attempt.isOver) return never();
    const node = stepModel("step", { name, run: run as StepFunction, options: options as FlowStepOptions });
    const encoded = encodeJson(input ?? null, `input of step "${name}"`);
    const results = await this.#call(node, { hashed: encoded.json, inputs: [encoded.value] });
    return results[0] as Result;
  }

  async map<Item, Result>(
    name: string,
    items: readonly Item[],
    run: (item: Item, ctx: NodeContext) => Result | Promise<Result>,
    options: FlowMapOptions<Item, Result> = {},
  ): Promise<Result[]> {
    if (this.#attempt.isOver) return never();
    const node = stepModel("map", { name, run: run as StepFunction, options: options as FlowStepOptions });
    if (!Array.isArray(items)) {
      throw new ValidationError("AF_ITEMS_INVALID", `The items of map "${name}" are no list.`, {
        hint: "Give an array, empty if there is nothing to do.",
        context: { name },
      });
    }
    const { json, value } = encodeJson(items, `items of map "${name}"`);
    if (items.length === 0) return [];
    const { concurrency } = options;
    checkConcurrency(name, concurrency);
    const results = await this.#call(node, {
      hashed: json,
      inputs: value as readonly Json[],
      isMap: true,
      concurrency,
    });
    return [...results] as Result[];
  }

  async run<Spec extends StateSpec>(
    workflow: Workflow<Spec>,
    input: RunInputOf<Spec>,
  ): Promise<RunResultOf<Spec>> {
    if (this.#attempt.isOver) return never();
    if (!isWorkflow(workflow)) {
      throw new ValidationError("AF_ARGUMENT_INVALID", "ctx.run needs a workflow or a flow.", {
        context: { found: typeof workflow },
      });
    }
    const child = workflow as Workflow;
    // A graph's final state is a view of it; what a flow returned is a value.
    const output = (ended: unknown): object => ({
      result: child.model.toResult === undefined ? { ...(ended as object) } : ended,
    });
    const body = nestedBody(child, { input: () => input as never, output });
    const where = `input of "${child.name}"`;
    const compiled = compile(child);
    const values = body.input(undefined) as Readonly<Record<string, unknown>>;
    checkInputShape(values, compiled, where);
    const { json, values: encoded } = encodeInput(values, compiled, where);
    const results = await this.#call(modelOf(child.name, body, {}), { hashed: json, inputs: [encoded] });
    return results[0] as RunResultOf<Spec>;
  }

  async #call(
    model: NodeModel,
    { hashed, inputs, isMap = false, concurrency }: CallInputs,
  ): Promise<readonly (Json | undefined)[]> {
    const node = { index: 0, name: model.name, model, edges: [], routes: [], isExit: false };
    const request: CallRequest = { node, inputHash: sha256Hex(hashed), inputs, isMap, concurrency };
    const { ending, results, failure } = await this.#calls.call(request);
    // An execution that was superseded still takes the turn: other calls of it, which are under way, come after it.
    if (this.#attempt.isRevoked) return never();
    await takeTurn(this.#attempt, this.#host, ending);
    if (this.#attempt.isOver) return never();
    if (failure !== undefined) throw new RecordedError(failure);
    return results;
  }
}

interface CallInputs {
  /** Canonical JSON of all inputs. */
  readonly hashed: string;
  readonly inputs: readonly Json[];
  readonly isMap?: boolean;
  readonly concurrency?: number | undefined;
}

/** The node that a call stands for. Throws GraphError or ValidationError for what cannot be one. */
function stepModel(
  call: "step" | "map",
  given: { readonly name: string; readonly run: StepFunction; readonly options: FlowStepOptions },
): NodeModel {
  const { name, run, options } = given;
  checkNodeName(name);
  checkFunction(call, run);
  const { retry, timeoutMs, recover, ...rest } = options;
  if (retry !== undefined) resolveRetryPolicy(retry);
  if (timeoutMs !== undefined) checkTimeout(call, timeoutMs);
  const policy: NodePolicy = {
    ...rest,
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(recover === undefined
      ? {}
      : { recover: (failure, input, ctx) => asDelta(recover(failure, input, ctx)) }),
  };
  const body = {
    type: "function",
    run: (input: unknown, ctx: NodeContext) => asDelta(run(input as Json, ctx)),
  } as const;
  return modelOf(name, body, policy);
}

function modelOf(name: string, body: NodeModel["body"], policy: NodePolicy): NodeModel {
  return { name, kind: "node", body, after: [], gotos: [], policy };
}

function asDelta(result: unknown): unknown {
  const isLater = typeof (result as PromiseLike<unknown> | null | undefined)?.then === "function";
  return isLater ? (result as PromiseLike<unknown>).then(resultDelta) : resultDelta(result);
}

function resultDelta(result: unknown): { readonly result: unknown } {
  return { result };
}

function checkConcurrency(name: string, concurrency: number | undefined): void {
  if (concurrency === undefined || (Number.isSafeInteger(concurrency) && concurrency >= 1)) return;
  const message = `Map "${name}" has the concurrency ${String(concurrency)}: give a whole number from 1.`;
  throw new ValidationError("AF_ARGUMENT_INVALID", message, { context: { name } });
}
