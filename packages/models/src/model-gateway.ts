import { type Json, ModelError, resolveRetryPolicy } from "@agentflow/core";
import { Breaker } from "./call/breaker.ts";
import type { CallOptions } from "./call/call-options.ts";
import { type AnswerCall, complete, completeHedged } from "./call/complete.ts";
import { embed } from "./call/embed.ts";
import type { GatewayParts } from "./call/gateway-parts.ts";
import { streamAnswer } from "./call/stream.ts";
import { type StructuredAnswer, type StructuredOptions, structured } from "./call/structured.ts";
import { Budgets } from "./cost/budgets.ts";
import { overriddenPrices, type PriceTable } from "./cost/prices.ts";
import type { GatewayHost, GatewayOptions } from "./gateway-options.ts";
import type { AnswerPart, EmbeddingAnswer, EmbeddingRequest, ModelAnswer, ModelRequest } from "./request.ts";
import { Routes, type Target } from "./route/route.ts";
import { Residency } from "./transport/residency.ts";

const timeoutDefaults = { callMs: 60_000, connectMs: 60_000, idleMs: 60_000 } as const;
const breakerDefaults = { threshold: 5, cooldownMs: 30_000 } as const;

/**
 * The one way to models (MDL-1): an answer, a stream, a value or vectors from any provider, with the same limits, retries,
 * budgets and account. Every method rejects with ModelError, and with CapabilityError where a provider's package is not
 * installed.
 */
export class ModelGateway {
  readonly #options: GatewayOptions;
  readonly #host: GatewayHost;
  readonly #routes: Routes;
  readonly #breakers = new Map<string, Breaker>();
  readonly budgets: Budgets;
  #parts: Promise<GatewayParts> | undefined;

  constructor(options: GatewayOptions, host: GatewayHost) {
    this.#options = options;
    this.#host = host;
    this.budgets = new Budgets(options.budgets ?? []);
    this.#routes = new Routes({
      providers: options.providers ?? [],
      endpoints: options.endpoints ?? {},
      environment: host.environment,
      residency: options.residency === undefined ? undefined : new Residency(options.residency),
    });
  }

  /** Asks for a whole answer. */
  async complete(request: ModelRequest, options: CallOptions = {}): Promise<ModelAnswer> {
    const call = await this.#call(request, options);
    const { hedgeAfterMs } = this.#options;
    return hedgeAfterMs === undefined ? complete(call) : completeHedged(call, hedgeAfterMs);
  }

  /** Shows the answer while it is made. The last part holds all of it. */
  async *stream(request: ModelRequest, options: CallOptions = {}): AsyncGenerator<AnswerPart, void> {
    yield* streamAnswer(await this.#call(request, options));
  }

  /** Asks for JSON, checks it, and has it mended where it is wrong; `request.output` has its JSON Schema. */
  async value<T = Json>(
    request: ModelRequest,
    { schema, repairsMax, ...options }: CallOptions & StructuredOptions<T> = {},
  ): Promise<StructuredAnswer<T>> {
    return structured(request, { schema, repairsMax }, (asked) => this.complete(asked, options));
  }

  /** Asks for a vector per text. */
  async embed(request: EmbeddingRequest, options: CallOptions = {}): Promise<EmbeddingAnswer> {
    const targets = this.#targets(request.model);
    return embed({ parts: await this.#whole(), targets, options, texts: request.texts });
  }

  /**
   * What decides an answer beside the request itself: provider, base URL and model of each target of a route. Part of the
   * key under which an answer is remembered (RUN-20).
   */
  identityOf(model: string | readonly string[]): Json {
    return this.#targets(model).map(({ provider, baseUrl, model }) => ({ provider, baseUrl, model }));
  }

  /** Refuses a route of which no model can be called here, before anything depends on it: its key or package is missing. */
  async check(model: string | readonly string[]): Promise<void> {
    let last: unknown;
    for (const target of this.#targets(model)) {
      try {
        await target.open();
        return;
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  #targets(model: string | readonly string[]): readonly Target[] {
    if (this.#options.enabled === false) {
      throw new ModelError("AF_MODEL_DISABLED", "Calls of models are switched off.");
    }
    return this.#routes.resolve(model);
  }

  async #call(request: ModelRequest, options: CallOptions): Promise<AnswerCall> {
    const targets = this.#targets(request.model);
    return { parts: await this.#whole(), targets, request, options };
  }

  #whole(): Promise<GatewayParts> {
    this.#parts ??= this.#make();
    return this.#parts;
  }

  async #make(): Promise<GatewayParts> {
    const {
      timeouts,
      retriesMax = 2,
      backoffMs = 500,
      prices = [],
      tenant = "default",
      onCall,
    } = this.#options;
    const { clock, random = Math.random } = this.#host;
    const table = this.#host.prices ?? (await loadPublishedPrices());
    return {
      clock,
      timeouts: { ...timeoutDefaults, ...timeouts },
      retry: resolveRetryPolicy({ attemptsMax: retriesMax + 1, backoffMs }),
      budgets: this.budgets,
      prices: overriddenPrices(prices, table),
      tenant,
      random,
      onCall,
      breakerOf: (target) => this.#breakerOf(target),
    };
  }

  #breakerOf(target: string): Breaker {
    const found = this.#breakers.get(target);
    if (found !== undefined) return found;
    const breaker = new Breaker({ ...breakerDefaults, ...this.#options.breaker }, this.#host.clock);
    this.#breakers.set(target, breaker);
    return breaker;
  }
}

async function loadPublishedPrices(): Promise<PriceTable> {
  const { publishedPrices } = await import("./cost/published-prices.ts");
  return publishedPrices;
}
