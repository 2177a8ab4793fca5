import type { IoOptions, NodeContext } from "@agentflow/core";
import type { CallOptions } from "./call/call-options.ts";
import type { ModelGateway } from "./model-gateway.ts";
import type { ModelAnswer, ModelRequest } from "./request.ts";

/** How a step asks a model. */
export interface AskOptions extends Pick<CallOptions, "timeoutMs" | "tenant"> {
  /** Look for the same request first among those answered: within this run, or by any run of the tenant (RUN-20). */
  readonly cache?: IoOptions<ModelAnswer>["cache"];
  /** Show the answer while it is made, as live events of type `token`. */
  readonly tokens?: boolean;
}

/** What of a step's context asking needs. */
export type AskContext = Pick<NodeContext, "io" | "emit" | "runId">;

/**
 * Asks a model from a step: one `ctx.io`, so that a replay, a resume and a later attempt make no call (MDL-9). The journal
 * knows the answer by the request; the cache also by provider, base URL and model of each target of its route (RUN-20).
 */
export async function ask(
  ctx: AskContext,
  gateway: ModelGateway,
  { name = "model", ...request }: ModelRequest & { readonly name?: string },
  { cache = "off", tokens = false, timeoutMs, tenant }: AskOptions = {},
): Promise<ModelAnswer> {
  return ctx.io(
    name,
    request,
    (_, { signal, account }) => {
      const options = { signal, account, timeoutMs, tenant, runId: ctx.runId };
      return tokens ? streamed(ctx, gateway, request, options) : gateway.complete(request, options);
    },
    { cache, cachedBy: () => gateway.identityOf(request.model) },
  );
}

async function streamed(
  ctx: AskContext,
  gateway: ModelGateway,
  request: ModelRequest,
  options: CallOptions,
): Promise<ModelAnswer> {
  let answer: ModelAnswer | undefined;
  for await (const part of gateway.stream(request, options)) {
    if (part.type === "text") ctx.emit("token", part.text);
    else if (part.type === "end") ({ answer } = part);
  }
  return answer as ModelAnswer;
}
