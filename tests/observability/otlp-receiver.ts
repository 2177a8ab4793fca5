import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as it came over the wire. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
  readonly message: string | undefined;
  /** Nanoseconds. */
  readonly from: bigint;
  readonly to: bigint;
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface WireBody {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

/** Status code of an error (https://opentelemetry.io/docs/specs/otlp/, trace.proto). */
const errorCode = 2;

/** Receives spans by OTLP over HTTP, with JSON bodies. */
export class OtlpReceiver implements AsyncDisposable {
  readonly #server = createServer();
  readonly spans: ReceivedSpan[] = [];
  #arrived = Promise.withResolvers<void>();

  /** Starts to listen on a free port of this machine. */
  static async open(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    receiver.#server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.method !== "POST" || request.url !== "/v1/traces") {
        response.writeHead(404).end();
        return;
      }
      const body = JSON.parse(Buffer.concat(chunks).toString()) as WireBody;
      for (const { scopeSpans } of body.resourceSpans)
        for (const { spans } of scopeSpans) receiver.spans.push(...spans.map(spanOf));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
      receiver.#arrived.resolve();
      receiver.#arrived = Promise.withResolvers();
    });
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`;
  }

  /** Waits until a span is there that passes. */
  async received(passes: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
    for (;;) {
      const found = this.spans.find(passes);
      if (found !== undefined) return found;
      await this.#arrived.promise;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, "close");
  }
}

function spanOf(wire: WireSpan): ReceivedSpan {
  const { traceId, spanId, parentSpanId, name, attributes, status } = wire;
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId === "" ? undefined : parentSpanId,
    name,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    isError: status.code === errorCode,
    message: status.message,
    from: BigInt(wire.startTimeUnixNano),
    to: BigInt(wire.endTimeUnixNano),
  };
}

/**
 * The spans as a tree, a line each, siblings sorted by their lines: the SDK tells times by milliseconds. `tell` says what
 * of a span is shown.
 */
export function treeOf(spans: readonly ReceivedSpan[], tell: (span: ReceivedSpan) => string): string[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const isUnder = ({ parentSpanId }: ReceivedSpan, parent: string | undefined): boolean => {
    if (parent !== undefined) return parentSpanId === parent;
    return parentSpanId === undefined || !known.has(parentSpanId);
  };
  const linesUnder = (parent: string | undefined, depth: number): string[] =>
    spans
      .filter((span) => isUnder(span, parent))
      .map((span) => ({ line: tell(span), spanId: span.spanId }))
      .sort((a, b) => (a.line < b.line ? -1 : 1))
      .flatMap(({ line, spanId }) => [`${"  ".repeat(depth)}${line}`, ...linesUnder(spanId, depth + 1)]);
  return linesUnder(undefined, 0);
}
