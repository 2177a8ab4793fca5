import { ModelError } from "@agentflow/core";
import type { ReplyPart } from "../provider/model-provider.ts";
import type { AnswerPart } from "../request.ts";
import type { AnswerCall } from "./complete.ts";
import type { Trial } from "./trial.ts";
import { triesOf } from "./tries.ts";

/**
 * Shows an answer while it is made. Another try or another model takes over only as long as nothing was shown, so that a
 * reader never sees a beginning twice (MDL-2); after that a failure is thrown to the reader. A reader that stops early
 * ends the call, and what it used up is counted.
 */
export async function* streamAnswer(call: AnswerCall): AsyncGenerator<AnswerPart, void> {
  for await (const trial of triesOf(call)) {
    try {
      yield* partsOf(call, trial);
    } catch (error) {
      const failure = trial.fail(error);
      if (trial.hasShown) throw failure;
    } finally {
      trial.abandon();
    }
  }
}

async function* partsOf({ parts, request }: AnswerCall, trial: Trial): AsyncGenerator<AnswerPart, void> {
  const { target } = trial;
  const { connectMs, idleMs } = parts.timeouts;
  const opened = await trial.within(connectMs, "begin to answer", target.open());
  const reader = opened.stream(target.model, request, trial.signal)[Symbol.asyncIterator]();
  let limitMs = connectMs;
  for (;;) {
    const what = limitMs === connectMs ? "begin to answer" : "go on";
    const next: IteratorResult<ReplyPart, unknown> = await trial.within(limitMs, what, reader.next());
    if (next.done === true) throw new ModelError("AF_MODEL_PROVIDER", `${target.key} ended in the middle.`);
    limitMs = idleMs;
    const part = next.value;
    if (part.type === "end") {
      const { text, toolCalls, finish, usage } = part.reply;
      const told = trial.succeed(usage, text + JSON.stringify(toolCalls));
      const { provider, model } = target;
      yield { type: "end", answer: { text, toolCalls, finish, provider, model, ...told } };
      return;
    }
    if (part.type === "open") continue;
    trial.show(part.type === "text" ? part.text : JSON.stringify(part.call));
    yield part;
  }
}
