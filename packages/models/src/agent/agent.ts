/**
 * A model that works with tools until it has an answer (MDL-9).
 *
 * 1. Every call of the model and of a tool is a `ctx.io` of the step: what has ended is never done again, by no replay,
 *    resume or later attempt.
 * 2. It ends: after `roundsMax` answers it fails, and an answer that does not fit its schema is repaired a bounded number
 *    of times.
 * 3. A tool that fails is the model's to deal with: it is told what went wrong.
 */
import { type IoCall, type Json, type JsonObject, ModelError, type StandardSchema } from "@agentflow/core";
import { type AskContext, type AskOptions, ask } from "../ask.ts";
import { checkAnswer } from "../call/structured.ts";
import type { ModelGateway } from "../model-gateway.ts";
import type { Message, ModelAnswer, OutputDeclaration, ToolCall, ToolDeclaration } from "../request.ts";

/** Something that a model may have done. */
export interface AgentTool {
  readonly description: string;
  /** JSON Schema of what it takes. */
  readonly input: JsonObject;
  /** Checks what the model gives it; a schema of zod, valibot or arktype. */
  readonly check?: StandardSchema<unknown, unknown>;
  /** It changes something outside. */
  readonly effect?: boolean;
  readonly run: (input: Json, call: IoCall) => Json | Promise<Json>;
}

/** What an agent is, and what it is to do with the state of its step. */
export interface AgentOptions<State, Delta, Value = string> extends AskOptions {
  /** `provider:model`, or a route. */
  readonly model: string | readonly string[];
  readonly instructions?: string;
  /** What it is asked, made from the state. */
  readonly prompt: (state: State) => string;
  readonly tools?: Readonly<Record<string, AgentTool>>;
  /** Answers of the model in all, tool calls included; 8 if not given. */
  readonly roundsMax?: number;
  /** What it is to answer as JSON; without it its value is the text. */
  readonly output?: OutputDeclaration;
  /** Checks and converts the value. */
  readonly check?: StandardSchema<unknown, Value>;
  readonly repairsMax?: number;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** The step's delta, made from the value. */
  readonly result: (value: Value, answer: ModelAnswer) => Delta;
}

const defaults = { roundsMax: 8, repairsMax: 2 } as const;

/** The function of a node that is an agent. It rejects with ModelError (AF_MODEL_OUTPUT) where no answer is reached. */
export function agent<State, Delta, Value = string>(
  gateway: ModelGateway,
  options: AgentOptions<State, Delta, Value>,
): (state: State, ctx: AskContext) => Promise<Delta> {
  const {
    output,
    check,
    roundsMax = defaults.roundsMax,
    repairsMax = defaults.repairsMax,
    tools = {},
  } = options;
  return async (state, ctx) => {
    const messages: Message[] = [
      ...(options.instructions === undefined
        ? []
        : [{ role: "system", text: options.instructions } as const]),
      { role: "user", text: options.prompt(state) },
    ];
    let repairs = 0;
    for (let round = 0; round < roundsMax; round++) {
      const answer = await ask(ctx, gateway, { ...requestOf(options), messages: [...messages] }, options);
      messages.push({ role: "assistant", text: answer.text, toolCalls: answer.toolCalls });
      if (answer.toolCalls.length > 0) {
        messages.push(...(await Promise.all(answer.toolCalls.map((call) => useTool(ctx, tools, call)))));
        continue;
      }
      if (output === undefined) return options.result(answer.text as Value, answer);
      const checked = await checkAnswer(answer.text, check);
      if ("value" in checked) return options.result(checked.value, answer);
      if (repairs++ >= repairsMax) throw unusable(checked.problem, answer);
      messages.push({
        role: "user",
        text: `That is not valid: ${checked.problem} Answer again, with the JSON alone.`,
      });
    }
    throw new ModelError("AF_MODEL_OUTPUT", `The agent has no answer after ${roundsMax} rounds.`, {
      hint: "Raise `roundsMax`, or tell the model in `instructions` when it is done.",
      context: { rounds: roundsMax },
    });
  };
}

type RequestOptions = Pick<
  AgentOptions<never, unknown>,
  "model" | "output" | "tools" | "maxOutputTokens" | "temperature"
>;

function requestOf({ model, output, tools, maxOutputTokens, temperature }: RequestOptions) {
  return {
    model,
    ...(output === undefined ? {} : { output }),
    ...(tools === undefined ? {} : { tools: declarations(tools) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function declarations(tools: Readonly<Record<string, AgentTool>>): ToolDeclaration[] {
  return Object.entries(tools).map(([name, { description, input }]) => ({ name, description, input }));
}

function unusable(problem: string, answer: ModelAnswer): ModelError {
  return new ModelError("AF_MODEL_OUTPUT", `The model's answer is not what was asked for: ${problem}`, {
    context: { answer: answer.text.slice(0, 1_000) },
  });
}

async function useTool(
  ctx: AskContext,
  tools: Readonly<Record<string, AgentTool>>,
  { id, name, input }: ToolCall,
): Promise<Message> {
  return { role: "tool", id, name, result: await resultOf(ctx, tools, { name, input }) };
}

async function resultOf(
  ctx: AskContext,
  tools: Readonly<Record<string, AgentTool>>,
  { name, input }: { readonly name: string; readonly input: Json },
): Promise<Json> {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) return { error: `There is no tool ${name}.` };
  const checked = await tool.check?.["~standard"].validate(input);
  if (checked?.issues !== undefined)
    return { error: checked.issues.map(({ message }) => message).join("; ") };
  try {
    const options = tool.effect === true ? { effect: true } : {};
    return await ctx.io(`tool ${name}`, input, (given, call) => tool.run(given, call), options);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
