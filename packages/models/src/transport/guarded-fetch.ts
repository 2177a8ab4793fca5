/**
 * The way out for the prompts and the key of one provider (MDL-5).
 *
 * 1. Requests go to the origin of the provider's base URL and nowhere else: a redirect is an error, not a second request
 *    that carries prompt and key along.
 * 2. With a residency, the connection goes to an address that was checked, not to one that is resolved later.
 * 3. A stream of events that ends before its end mark fails.
 */
import { ModelError } from "@agentflow/core";
import { Agent, fetch as send } from "undici";
import { withEndMark } from "./end-mark.ts";
import type { Residency } from "./residency.ts";

/** What a transport is for. */
export interface TransportOptions {
  readonly baseUrl: string;
  readonly residency?: Residency | undefined;
  /** The last event of a complete stream; looked for in the last bytes. */
  readonly endMark: string;
}

/** A `fetch` that a provider library is given in place of the global one. */
export function guardedFetch(options: TransportOptions): typeof globalThis.fetch {
  const { residency, endMark } = options;
  const { origin } = new URL(options.baseUrl);
  // Waiting is bounded by the gateway, which tells a slow answer from a cancelled one.
  const timeouts = { bodyTimeout: 0, headersTimeout: 0 };
  const dispatcher = new Agent({
    ...timeouts,
    ...(residency === undefined ? {} : { connect: { lookup: residency.lookup } }),
  });
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) {
      throw new ModelError("AF_MODEL_RESIDENCY", `A call for ${origin} was about to go to ${url.origin}.`);
    }
    residency?.require(url);
    const sent = { ...init, redirect: "manual", dispatcher } as Parameters<typeof send>[1];
    const response = (await send(url.href, sent)) as unknown as Response;
    if (response.status >= 300 && response.status < 400) throw await redirected(response, url);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    return isStream ? withEndMark(response, endMark) : response;
  };
}

async function redirected(response: Response, url: URL): Promise<ModelError> {
  await response.body?.cancel();
  const location = response.headers.get("location") ?? "";
  const to = URL.canParse(location, url.href) ? new URL(location, url.href).host : "nowhere";
  return new ModelError(
    "AF_MODEL_RESIDENCY",
    `${url.host} redirects to ${to} (HTTP ${response.status}); prompts and keys do not follow.`,
    {
      hint: "Set the base URL of the provider to where it really is.",
      context: { host: url.host, to, status: response.status },
    },
  );
}
