import { ModelError } from "@agentflow/core";
import type { EmbeddingAnswer } from "../request.ts";
import type { Trial } from "./trial.ts";
import { type RouteCall, triesOf } from "./tries.ts";

/** A call for vectors. */
export type EmbeddingCall = Omit<RouteCall, "request"> & { readonly texts: readonly string[] };

/** Asks the models of a route in their order for a vector per text. */
export async function embed(call: EmbeddingCall): Promise<EmbeddingAnswer> {
  const messages = call.texts.map((text) => ({ role: "user", text }) as const);
  for await (const trial of triesOf({ ...call, request: { messages, maxOutputTokens: 0 } })) {
    const answer = await vectorsOf(call, trial);
    if (answer !== undefined) return answer;
  }
  // The generator throws when no try is left.
  throw new Error("unreachable");
}

async function vectorsOf(call: EmbeddingCall, trial: Trial): Promise<EmbeddingAnswer | undefined> {
  const { target } = trial;
  const work = async () => {
    const provider = await target.open();
    if (provider.embed === undefined) {
      throw new ModelError("AF_MODEL_REQUEST", `${target.provider} has no models that give vectors.`);
    }
    return provider.embed(target.model, call.texts, trial.signal);
  };
  try {
    const { vectors, usage } = await trial.within(call.parts.timeouts.callMs, "answer", work());
    if (vectors.length !== call.texts.length) {
      const message = `${target.key} gave ${vectors.length} vectors for ${call.texts.length} texts.`;
      throw new ModelError("AF_MODEL_OUTPUT", message);
    }
    return { vectors, provider: target.provider, model: target.model, ...trial.succeed(usage, "") };
  } catch (error) {
    trial.fail(error);
    return undefined;
  }
}
