import type { SpanAttributes, SpanRequest, TracedSpan, Tracing } from "@agentflow/core";
import type { Context, Span, SpanContext, Tracer } from "@opentelemetry/api";
import { type Api, loadApi } from "./load-api.ts";

/** Which tracer makes the spans. */
export interface OpenTelemetryOptions {
  /** The tracer of the provider that is registered globally, if not given. */
  readonly tracer?: Tracer | undefined;
}

/**
 * Makes spans with OpenTelemetry (OBS-2). What becomes of them is decided by the SDK that the program sets up: without
 * one they cost little and go nowhere. Rejects with ConfigError where `@opentelemetry/api` is not installed.
 */
export async function openTelemetry({ tracer }: OpenTelemetryOptions = {}): Promise<Tracing> {
  const api = await loadApi();
  const made = tracer ?? api.trace.getTracer("agentflow");
  return { begin: (request) => new OpenSpan(api, made, request) };
}

class OpenSpan implements TracedSpan {
  readonly #api: Api;
  readonly #span: Span;
  /** What spans within it begin in; made when first asked for. */
  #context: Context | undefined;
  readonly #outside: Context;

  constructor(api: Api, tracer: Tracer, { name, parent, attributes, startedAt }: SpanRequest) {
    this.#api = api;
    this.#outside = contextOf(api, parent);
    const startTime = startedAt === undefined ? {} : { startTime: startedAt };
    this.#span = tracer.startSpan(name, { attributes: definedOf(attributes), ...startTime }, this.#outside);
  }

  get context(): Context {
    this.#context ??= this.#api.trace.setSpan(this.#outside, this.#span);
    return this.#context;
  }

  get carrier(): string | undefined {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    if (!this.#api.isSpanContextValid(this.#span.spanContext())) return undefined;
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  }

  set(attributes: SpanAttributes, name?: string): void {
    if (!this.#span.isRecording()) return;
    this.#span.setAttributes(definedOf(attributes));
    if (name !== undefined) this.#span.updateName(name);
  }

  fail(code: string, message: string): void {
    if (!this.#span.isRecording()) return;
    this.#span.setAttribute("error.type", code);
    this.#span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message });
  }

  within<T>(work: () => T): T {
    return this.#api.context.with(this.context, work);
  }

  end(): void {
    if (this.#span.isRecording()) this.#span.end();
  }
}

function contextOf(api: Api, parent: SpanRequest["parent"]): Context {
  if (parent instanceof OpenSpan) return parent.context;
  const active = api.context.active();
  if (typeof parent !== "string") return active;
  const carried = carriedBy(parent);
  return carried === undefined ? active : api.trace.setSpanContext(api.ROOT_CONTEXT, carried);
}

const traceparent = /^[\da-f]{2}-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})(?:-|$)/;

/** Reads `traceparent` of W3C Trace Context (https://www.w3.org/TR/trace-context/#traceparent-header). */
function carriedBy(carrier: string): SpanContext | undefined {
  const { traceId, spanId, flags } = traceparent.exec(carrier)?.groups ?? {};
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

function definedOf(attributes: SpanAttributes): Record<string, string | number | boolean> {
  const defined: Record<string, string | number | boolean> = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) defined[name] = value;
  }
  return defined;
}
