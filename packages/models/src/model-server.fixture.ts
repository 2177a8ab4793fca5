import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request that a model server got. */
export interface ServedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON of its body. */
  readonly body: { readonly [key: string]: unknown };
}

/** Answers one request; `nth` counts from 0. */
export type Serve = (response: ServerResponse, request: ServedRequest, nth: number) => void;

/** A server of models for tests, on a port of its own, with what it was asked. */
export interface ModelServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string;
  readonly port: number;
  readonly requests: readonly ServedRequest[];
  /** Connections that were ever made, also without a request. */
  readonly connections: number;
}

/** Starts a server that answers as told. */
export async function modelServer(serve: Serve): Promise<ModelServer> {
  const requests: ServedRequest[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await text(request)) || "{}");
    const served = { url: request.url ?? "", headers: request.headers, body };
    serve(response, served, requests.push(served) - 1);
  });
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Sends JSON. */
export function sendJson(response: ServerResponse, body: object, status = 200, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The usage that OpenAI's protocol tells. */
export function chatUsage(input: number, output: number, cached = 0): object {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

/** An answer in OpenAI's protocol. */
export function chatAnswer(message: object, usage: object = chatUsage(10, 5), finish = "stop"): object {
  const choice = { index: 0, message: { role: "assistant", ...message }, finish_reason: finish };
  return { id: "chat-1", object: "chat.completion", created: 1, model: "m", choices: [choice], usage };
}

function chunk(delta: object, finish: string | null = null): object {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: "chat-1", object: "chat.completion.chunk", created: 1, model: "m", choices };
}

/** Begins a stream of events. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
}

/** Sends one event of a stream. */
export function sendEvent(response: ServerResponse, data: object | string, event?: string): void {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  response.write(`${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`);
}

/** Sends pieces of text in OpenAI's protocol. */
export function sendPieces(response: ServerResponse, pieces: readonly string[]): void {
  for (const content of pieces) sendEvent(response, chunk({ content }));
}

/** Ends a stream as OpenAI's protocol does. */
export function endStream(response: ServerResponse, usage: object = chatUsage(10, 5)): void {
  sendEvent(response, chunk({}, "stop"));
  sendEvent(response, { ...chunk({}), choices: [], usage });
  sendEvent(response, "[DONE]");
  response.end();
}
