/** Values that a span carries; what is undefined is left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A span that is to begin. */
export interface SpanRequest {
  readonly name: string;
  /**
   * The span that it is in: one of this process, or what carried one here (`TracedSpan.carrier`). Without it, the one
   * that is active where it begins, if any.
   */
  readonly parent: TracedSpan | string | undefined;
  readonly attributes: SpanAttributes;
  /** Wall-clock milliseconds of what is told afterwards; now, if not given. */
  readonly startedAt?: number | undefined;
}

/** A span that has begun. No call throws; none after `end` has an effect. */
export interface TracedSpan {
  /** What carries it to another process: `traceparent` of W3C Trace Context. Undefined if there is nothing to carry. */
  readonly carrier: string | undefined;
  /** Adds attributes; a name replaces its own. */
  set(attributes: SpanAttributes, name?: string): void;
  /** What it is of went wrong. */
  fail(code: string, message: string): void;
  /** Calls `work` so that spans which begin in it, also later, are within this one. */
  within<T>(work: () => T): T;
  end(): void;
}

/** Takes the spans of engines (OBS-2). */
export interface Tracing {
  begin(request: SpanRequest): TracedSpan;
}
