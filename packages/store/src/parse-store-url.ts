import { ConfigError } from "@agentflow/core";

/** What a store URL names. */
export type StoreLocation = { readonly kind: "memory" } | { readonly kind: "sqlite"; readonly path: string };

/** Reads `memory:` or `sqlite:PATH`. Throws ConfigError for anything else. */
export function parseStoreUrl(url: string): StoreLocation {
  const colon = url.indexOf(":");
  const scheme = url.slice(0, Math.max(0, colon));
  const rest = url.slice(colon + 1);
  if (scheme === "memory" && rest === "") return { kind: "memory" };
  if (scheme === "sqlite" && rest !== "") return { kind: "sqlite", path: rest };
  throw new ConfigError(`${JSON.stringify(url)} names no store.`, {
    hint: 'Use "sqlite:PATH", such as "sqlite:.agentflow/agentflow.db", or "memory:".',
    context: { url },
  });
}
