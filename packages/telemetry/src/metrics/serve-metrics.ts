import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "@agentflow/core";
import type { PrometheusMetrics } from "./prometheus-metrics.ts";

/** Where metrics are served. */
export interface MetricsAddress {
  /** 0 takes any port that is free. */
  readonly port: number;
  /** The interface to listen on; 127.0.0.1 if not given, so that nothing is shown to the network unasked. */
  readonly host?: string | undefined;
}

/** A server of metrics; `await using`, or `close()`. */
export interface MetricsServer extends AsyncDisposable {
  /** Where Prometheus finds them. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves metrics at `/metrics` over HTTP (OBS-1). The server alone does not keep the process going. Rejects with
 * ConfigError where it cannot listen.
 */
export async function serveMetrics(
  metrics: Pick<PrometheusMetrics, "registry">,
  { port, host = "127.0.0.1" }: MetricsAddress,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(request, response, metrics).catch((error: unknown) => response.destroy(error as Error));
  });
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "the port is taken" : message;
    throw new ConfigError(`Metrics cannot be served on ${host}:${port}: ${why}.`, {
      hint: "Choose another port, or 0 for any that is free.",
      cause: error,
    });
  }
  server.unref();
  const found = (server.address() as AddressInfo).port;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const shown = host.includes(":") ? `[${host}]` : host;
  return { url: `http://${shown}:${found}/metrics`, close, [Symbol.asyncDispose]: close };
}

async function answer(
  { method = "", url = "" }: IncomingMessage,
  response: ServerResponse,
  { registry }: Pick<PrometheusMetrics, "registry">,
): Promise<void> {
  if (url.split("?")[0] !== "/metrics") {
    response.writeHead(404, { "content-type": "text/plain" }).end("Metrics are at /metrics.\n");
  } else if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
  } else {
    const text = await registry.text();
    response.writeHead(200, { "content-type": registry.contentType });
    response.end(method === "HEAD" ? undefined : text);
  }
}
