import { append, type Failure, max, sum, value, workflow } from "agentflow";

/** A page that was fetched. */
export type Page = { readonly path: string; readonly sizeBytes: number };

/** A page that could not be fetched, and why. */
export type Missing = { readonly path: string; readonly reason: string };

/** What the site says of a page. */
export type Fetched = { readonly sizeBytes: number; readonly licence: string };

async function fetchPage(url: string, signal: AbortSignal): Promise<Fetched> {
  const response = await fetch(url, { signal });
  // The status tells the retry policy whether another attempt can help: 503 may pass, 404 stays.
  if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: response.status });
  const { byteLength: sizeBytes } = await response.arrayBuffer();
  return { sizeBytes, licence: response.headers.get("x-licence") ?? "" };
}

function reasonOf({ code, cause, message }: Failure): string {
  return code === "AF_THROWN" || cause === undefined ? message : reasonOf(cause);
}

/**
 * Fetches the pages that a site lists, three at a time, and its imprint beside them; a page that is busy is tried
 * again, a page that stays away is reported. The summary waits for both branches. Each page writes the licence that it
 * is under: where they differ, the conflict policy decides.
 */
export const inventory = workflow("inventory", {
  version: "1",
  state: {
    site: value<string>(),
    paths: value<readonly string[]>([]),
    pages: append<Page>(),
    missing: append<Missing>(),
    sizeBytes: sum(),
    largestBytes: max(0),
    licence: value("none"),
    imprintBytes: value(0),
    summary: value(""),
  },
  conflict: {
    id: "licences@1",
    merge: ({ writes }) => [...new Set(writes.map(({ value }) => value))].join(" and "),
  },
})
  .start("list", async ({ site }, ctx) => {
    const paths = await ctx.io("list", `${site}/pages`, async (url, { signal }) => {
      const response = await fetch(url, { signal });
      return (await response.json()) as string[];
    });
    return { paths };
  })
  .map(
    "fetch",
    { after: "list", over: (state) => state.paths, concurrency: 3 },
    async (path, ctx, { site }) => {
      const { sizeBytes, licence } = await ctx.io("fetch", site + path, (url, { signal }) =>
        fetchPage(url, signal),
      );
      return { pages: [{ path, sizeBytes }], sizeBytes, largestBytes: sizeBytes, licence };
    },
    {
      retry: { attemptsMax: 3, backoffMs: 20 },
      timeoutMs: 10_000,
      recover: (failure, path) => ({ missing: [{ path, reason: reasonOf(failure) }] }),
    },
  )
  .node("imprint", { after: "list" }, async ({ site }, ctx) => {
    const { sizeBytes } = await ctx.io("imprint", `${site}/imprint`, (url, { signal }) =>
      fetchPage(url, signal),
    );
    return { imprintBytes: sizeBytes };
  })
  .node("summarise", { after: ["fetch", "imprint"] }, (state) => {
    const { pages, missing, sizeBytes, largestBytes, licence, imprintBytes } = state;
    const lost = missing.map(({ path, reason }) => `${path} is missing (${reason})`);
    const total = `${pages.length} pages, ${sizeBytes} bytes, at most ${largestBytes}; imprint ${imprintBytes} bytes`;
    return { summary: [total, `under ${licence}`, ...lost].join("\n") };
  })
  .end("summarise");
