import type { ModelAnswer, ModelRequest } from "../request.ts";
import type { Trial } from "./trial.ts";
import { type RouteCall, triesOf } from "./tries.ts";

/** A call whose answer is wanted. */
export interface AnswerCall extends RouteCall {
  readonly request: ModelRequest;
}

/** Asks the models of a route in their order, and gives the first whole answer. */
export async function complete(call: AnswerCall): Promise<ModelAnswer> {
  for await (const trial of triesOf(call)) {
    const answer = await answerOf(call, trial);
    if (answer !== undefined) return answer;
  }
  // The generator throws when no try is left.
  throw new Error("unreachable");
}

async function answerOf(call: AnswerCall, trial: Trial): Promise<ModelAnswer | undefined> {
  const { target } = trial;
  const work = async () => (await target.open()).generate(target.model, call.request, trial.signal);
  try {
    const reply = await trial.within(call.parts.timeouts.callMs, "answer", work());
    const { text, toolCalls, finish } = reply;
    const told = trial.succeed(reply.usage, text + JSON.stringify(toolCalls));
    return { text, toolCalls, finish, provider: target.provider, model: target.model, ...told };
  } catch (error) {
    trial.fail(error);
    return undefined;
  }
}

/**
 * Asks the first model, and the rest of the route too where it has not answered after `afterMs`; gives the answer that
 * comes first and cancels the other call (MDL-2). A first model that fails before is not waited for.
 */
export async function completeHedged(call: AnswerCall, afterMs: number): Promise<ModelAnswer> {
  const [first, ...rest] = call.targets;
  if (first === undefined || rest.length === 0) return complete(call);
  const over = new AbortController();
  const signal =
    call.options.signal === undefined ? over.signal : AbortSignal.any([call.options.signal, over.signal]);
  const on = (targets: AnswerCall["targets"]): Promise<ModelAnswer> =>
    complete({ ...call, targets, options: { ...call.options, signal } });
  const early = on([first]);
  let stop = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    stop = call.parts.clock.setTimer(afterMs, resolve);
    early.catch(resolve);
  }).then(() => on(rest));
  try {
    return await firstOf(early, late);
  } finally {
    stop();
    over.abort();
  }
}

/** The first that succeeds; if none does, what the later one failed with. */
async function firstOf<T>(early: Promise<T>, late: Promise<T>): Promise<T> {
  try {
    return await Promise.any([early, late]);
  } catch {
    return late;
  }
}
