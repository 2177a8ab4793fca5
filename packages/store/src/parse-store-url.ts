import { ConfigError, withoutPassword } from "@agentflow/core";

/** What a store URL names. */
export type StoreLocation =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string };

/** Reads `memory:`, `sqlite:PATH` or the `postgres://` URL of a server. Throws ConfigError for anything else. */
export function parseStoreUrl(url: string): StoreLocation {
  const colon = url.indexOf(":");
  const scheme = url.slice(0, Math.max(0, colon));
  const rest = url.slice(colon + 1);
  if (scheme === "memory" && rest === "") return { kind: "memory" };
  if (scheme === "sqlite" && rest !== "") return { kind: "sqlite", path: rest };
  if (isServer(rest) && (scheme === "postgres" || scheme === "postgresql")) return { kind: "postgres", url };
  throw new ConfigError(`${JSON.stringify(withoutPassword(url))} names no store.`, {
    hint: 'Use "sqlite:PATH", such as "sqlite:.agentflow/agentflow.db", "postgres://USER@HOST/DATABASE" or "memory:".',
    context: { url: withoutPassword(url) },
  });
}

function isServer(rest: string): boolean {
  return rest.startsWith("//") && rest.length > 2;
}
