import { ConfigError, withoutPassword } from "@agentflow/core";

/** What a store URL names. */
export type StoreLocation =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres" | "mysql"; readonly url: string };

const servers: Readonly<Record<string, "postgres" | "mysql">> = {
  postgres: "postgres",
  postgresql: "postgres",
  mysql: "mysql",
  mariadb: "mysql",
};

/**
 * Reads `memory:`, `sqlite:PATH`, or the URL of a server: `postgres://` or `mysql://`. Throws ConfigError for anything
 * else.
 */
export function parseStoreUrl(url: string): StoreLocation {
  const colon = url.indexOf(":");
  const scheme = url.slice(0, Math.max(0, colon));
  const rest = url.slice(colon + 1);
  if (scheme === "memory" && rest === "") return { kind: "memory" };
  if (scheme === "sqlite" && rest !== "") return { kind: "sqlite", path: rest };
  const server = servers[scheme];
  if (server !== undefined && isAddress(rest)) return { kind: server, url };
  throw new ConfigError(`${JSON.stringify(withoutPassword(url))} names no store.`, {
    hint:
      'Use "sqlite:PATH", such as "sqlite:.agentflow/agentflow.db", "postgres://USER@HOST/DATABASE", ' +
      '"mysql://USER@HOST/DATABASE" or "memory:".',
    context: { url: withoutPassword(url) },
  });
}

function isAddress(rest: string): boolean {
  return rest.startsWith("//") && rest.length > 2;
}
