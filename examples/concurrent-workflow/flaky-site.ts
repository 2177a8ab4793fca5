import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A site on this machine whose pages fail as real ones do. */
export interface FlakySite extends AsyncDisposable {
  readonly url: string;
  /** How often each path was asked for. */
  readonly requests: ReadonlyMap<string, number>;
  /** How many pages were being fetched at once, at most. */
  readonly concurrencyMax: () => number;
}

const pageCount = 12;
const busyAtFirst = 4;
const gone = 7;
const answerAfterMs = 15;

function licenceOf(path: string): string {
  return path.endsWith("/12") ? "MIT" : "Apache-2.0";
}

/** Starts the site: page 4 is busy the first time, page 7 is gone, and an answer takes 15 ms. */
export async function startFlakySite(): Promise<FlakySite> {
  const requests = new Map<string, number>();
  let open = 0;
  let concurrencyMax = 0;
  const statusOf = (path: string): number => {
    if (path === `/page/${gone}`) return 404;
    return path === `/page/${busyAtFirst}` && requests.get(path) === 1 ? 503 : 200;
  };
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.set(path, (requests.get(path) ?? 0) + 1);
    if (path === "/pages") {
      const paths = Array.from({ length: pageCount }, (_, index) => `/page/${index + 1}`);
      response.end(JSON.stringify(paths));
      return;
    }
    const isPage = path.startsWith("/page/");
    if (isPage) open += 1;
    concurrencyMax = Math.max(concurrencyMax, open);
    setTimeout(() => {
      if (isPage) open -= 1;
      response.writeHead(statusOf(path), { "x-licence": licenceOf(path) }).end(`content of ${path}`);
    }, answerAfterMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    concurrencyMax: () => concurrencyMax,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
