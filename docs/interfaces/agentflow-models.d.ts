/** A JSON value (RFC 8259). State, deltas and journal entries are made of these and nothing else (S17). */
type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
interface JsonObject {
  readonly [key: string]: Json;
}
/** What kind of trouble an error is; it decides whether a retry can help (ENG-51). */
type ErrorClass = "transient" | "validation" | "auth" | "quota" | "internal";
/** An error as JSON. `stack` is for people only and no part of the canonical form. */
type Failure = {
  readonly code: string;
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly context?: JsonObject;
  readonly cause?: Failure; /** What else failed in the scope that ended with this failure, in ascending order key (S11). */
  readonly others?: readonly Failure[];
  readonly stack?: string;
};
/**
 * When and how a step is tried again, as an author writes it; what is left out comes from `retryDefaults`. The delay
 * before attempt k + 1 is `min(maxDelayMs, backoffMs * factor^(k - 1))`, of which the seeded random number takes off up
 * to the share `jitter`.
 */
interface RetryPolicy {
  /** Attempts in all, the first one included; 1 means no retry. */
  readonly attemptsMax?: number;
  readonly backoffMs?: number;
  readonly factor?: number;
  readonly maxDelayMs?: number;
  /** Share of the delay left to chance, 0 to 1. */
  readonly jitter?: number;
  /** Decides alone, in place of the failure's class; pure. */
  readonly retryIf?: (failure: Failure) => boolean;
  /** `keep` (default): the next attempt inherits successful io results; `fresh`: it inherits nothing (S9). */
  readonly io?: "keep" | "fresh";
}
/** SQL inside the run store's own transaction (S26). Parameters are bound, never spliced. */
interface TransactionSql {
  all(sql: string, parameters?: readonly SqlValue[]): Promise<Record<string, SqlValue>[]>;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<{
    readonly changes: number;
  }>;
}
/** What SQL takes and gives. */
type SqlValue = string | number | bigint | null | Uint8Array;
/** How a call of a model ended (MDL-7). */
type ModelOutcome = "succeeded" | "timeout" | "rate_limited" | "provider_error" | "auth" | "validation" | "quota" | "cancelled";
/**
 * One call of a provider as the record keeps it (MDL-3, MDL-4): what it took and what it cost. Costs are whole
 * billionths of a dollar, so that totals are exact.
 */
type ModelCall = {
  readonly provider: string;
  readonly model: string;
  readonly outcome: ModelOutcome;
  readonly inputTokens: number; /** Those of the input that the provider read from its prompt cache. */
  readonly cachedTokens: number; /** Those of the input that the provider wrote into its prompt cache. */
  readonly cacheWriteTokens: number;
  readonly outputTokens: number; /** True where the provider did not tell the tokens, so that they are estimated from the texts. */
  readonly estimated: boolean; /** Null if the price of the model is not known: such a call is never counted as free. */
  readonly costNanos: number | null; /** What the call was expected to cost before it was made; null without a price. */
  readonly expectedNanos: number | null;
  readonly latencyMs: number; /** Until the first piece of a streamed answer; absent if there was none. */
  readonly firstTokenMs?: number;
};
/**
 * The part of Standard Schema version 1 (https://standardschema.dev) that AgentFlow reads, so that zod, valibot,
 * arktype and others can validate without AgentFlow depending on any of them.
 */
interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: {
      readonly input: Input;
      readonly output: Output;
    } | undefined;
  };
}
/** What a schema says about a value: the accepted value, or the issues. */
type SchemaResult<Output> = {
  readonly value: Output;
  readonly issues?: undefined;
} | {
  readonly issues: readonly SchemaIssue[];
};
/** One reason why a schema does not accept a value. */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | {
    readonly key: PropertyKey;
  })[] | undefined;
}
/** Values that a span carries; what is undefined is left out. */
type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;
/** What a call of a tool tells of itself. */
interface ToolCall$1 {
  readonly tool: string;
}
/**
 * The span of an outside call. What is told to it goes to traces alone: nothing of it is recorded, and without traces it
 * does nothing. Calls of models are told to `account`, which records them, and have spans of their own.
 */
interface CallSpan {
  /** The call uses a tool. */
  toolCall(call: ToolCall$1): void;
  set(attributes: SpanAttributes): void;
}
/** What an outside call gets besides its input. */
interface IoCall {
  /** The same for every repetition of this call, in any process: pass it to the outside system (S8). */
  readonly idempotencyKey: string;
  /** Aborts on timeout and cancel. */
  readonly signal: AbortSignal;
  /** Enters a call of a model into the run's record: `llm.*` and `cost.*` events, and the costs of the run (MDL-3, MDL-4). */
  readonly account: (call: ModelCall) => void;
  /** What the call tells of itself to traces, such as the model it asks (OBS-2). */
  readonly span: CallSpan;
}
/** How an outside call is made and remembered. */
interface IoOptions<R> {
  /** The call changes something outside; shown by previews of fork and by replay reports. */
  readonly effect?: boolean;
  /** Retries inside the step; the last failure is journaled. */
  readonly retry?: Partial<RetryPolicy>;
  /** Checks the result before it is journaled. */
  readonly schema?: StandardSchema<unknown, R>;
  /** Ask the response cache first: within this run, or shared by the tenant (RUN-20). */
  readonly cache?: "run" | "shared" | "off";
  /**
   * What decides the result beside the input, such as where a server is: part of the cache key and not of the journal's,
   * so that a replay elsewhere finds its entry. Only called where the cache is asked.
   */
  readonly cachedBy?: () => Json;
}
/** How a transaction is bounded. */
interface TxOptions {
  /** It is undone, with TransactionTimeoutError, if its work takes longer; in milliseconds, 5,000 unless given. */
  readonly timeoutMs?: number;
}
/** A seeded source of random numbers: same seed and step, same sequence (ENG-12). */
interface ContextRandom {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  pick<T>(values: readonly T[]): T;
  shuffle<T>(values: readonly T[]): T[];
}
/** What a declared interrupt asks and takes (ENG-40). */
interface InterruptDeclaration<Ask, Answer> {
  readonly kind: "interrupt";
  readonly name: string;
  readonly ask?: StandardSchema<unknown, Ask>;
  readonly answer?: StandardSchema<unknown, Answer>;
}
/** How long an interrupt waits, and what it takes then. */
interface InterruptOptions<Answer> {
  /** Milliseconds, from the moment it asks. */
  readonly deadlineMs?: number;
  /** Wall-clock milliseconds, instead of `deadlineMs`. */
  readonly deadlineAt?: number;
  /** The answer, if none has come by then; without it the call rejects with DeadlineExceededError. */
  readonly default?: Answer;
}
/** How long a step waits for an event, and what it takes then. */
interface WaitOptions<T> {
  /** Milliseconds, from the moment it begins to wait. */
  readonly timeoutMs?: number;
  /** Taken if no event has come by then; without it the call rejects with DeadlineExceededError. */
  readonly default?: T;
}
/** The result of writing an artifact (RUN-30). */
interface WriteResult {
  readonly path: string;
  readonly sha256: string;
  readonly wrote: boolean;
  readonly reason: "created" | "changed" | "nochange";
}
/** A step's only way to anything that is not a function of its arguments (I3). */
interface NodeContext {
  readonly runId: string;
  readonly stepId: string;
  readonly node: string;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Sortable position followed by the SHA-256 identity (S3). */
  readonly orderKey: string;
  /** Aborts on timeout and cancel (S12). */
  readonly signal: AbortSignal;
  readonly rng: ContextRandom;
  /** A seeded UUID (version 4 layout), the same in every replay. */
  uuid(): string;
  /** Journaled wall-clock milliseconds. */
  now(): number;
  /**
   * Calls the outside once: the result (or error) is journaled, and a re-execution gets it from there.
   * The input must be JSON (S17); it identifies the call together with the name.
   */
  io<I, R>(name: string, input: I, call: (input: I, call: IoCall) => R | Promise<R>, options?: IoOptions<R>): Promise<R>;
  /** An effect in the run store's own database, exactly once (S26). Throws CapabilityError without one. */
  tx<I, R extends Json>(name: string, input: I, work: (sql: TransactionSql, input: I) => Promise<R>, options?: TxOptions): Promise<R>;
  /**
   * Parks the step until somebody answers, or its deadline has passed (S13). Resolves to what the `answer` schema makes
   * of the answer; rejects with ValidationError if the `ask` schema does not accept the payload.
   */
  interrupt<Ask, Answer>(declaration: InterruptDeclaration<Ask, Answer>, payload: Ask, options?: InterruptOptions<Answer>): Promise<Answer>;
  /** Parks the step for a time that survives restarts (S13). */
  sleep(name: string, durationMs: number): Promise<void>;
  /** Parks the step until an event with this key reaches the run; an earlier one is taken (S13). */
  waitFor<T extends Json = Json>(key: string, options?: WaitOptions<T>): Promise<T>;
  /** Writes an artifact of the run; paths that escape it are refused (RUN-30). */
  safeWrite(path: string, content: string | Uint8Array): Promise<WriteResult>;
  /** Shows something while the step runs; it is not recorded (S6). */
  emit(type: "progress" | "token" | "custom", data: Json): void;
}
/** Time, so that tests own it. */
interface Clock {
  /** Wall-clock milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; returns what cancels it. A background timer keeps no process alive. */
  setTimer(delayMs: number, callback: () => void, options?: {
    readonly background?: boolean;
  }): () => void;
}
/** Who calls, and what may end the call early. */
interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long this caller waits, in milliseconds; only a wait as long as the gateway's own tells against the model. */
  readonly timeoutMs?: number | undefined;
  readonly tenant?: string | undefined;
  readonly runId?: string | undefined;
  /** Is told of every call of a provider, also those that failed or were cut short. */
  readonly account?: ((call: ModelCall) => void) | undefined;
}
/** A call of a tool that a model asks for. */
type ToolCall = {
  readonly id: string;
  readonly name: string;
  readonly input: Json;
};
/** A part of a conversation. */
type Message = {
  readonly role: "system" | "user";
  readonly text: string;
} | {
  readonly role: "assistant";
  readonly text?: string;
  readonly toolCalls?: readonly ToolCall[];
} | {
  readonly role: "tool";
  readonly id: string;
  readonly name: string;
  readonly result: Json;
};
/** A tool that a model may ask for, with the JSON Schema of its input. */
type ToolDeclaration = {
  readonly name: string;
  readonly description?: string;
  readonly input: JsonObject;
};
/** What a model is to answer as JSON: a JSON Schema with an object at its top. */
type OutputDeclaration = {
  readonly schema: JsonObject;
  readonly name?: string;
};
/** What is asked of a model, whichever provider it is at (MDL-1). */
type ModelRequest = {
  /** `provider:model`, such as `openai:gpt-5-mini`, or several: a route, tried in this order (MDL-2). */readonly model: string | readonly string[];
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolDeclaration[]; /** Whether a tool has to be asked for; `auto` if not given. */
  readonly toolChoice?: "auto" | "none" | "required";
  readonly output?: OutputDeclaration;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly reasoning?: "none" | "minimal" | "low" | "medium" | "high";
};
/** Why a model ended its answer. */
type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";
/** Tokens of one call; those read from and written into a prompt cache are part of `input`. */
type TokenUsage = {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
};
/** The answer of a model. */
type ModelAnswer = {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: FinishReason; /** The target of the route that answered. */
  readonly provider: string;
  readonly model: string;
  readonly usage: TokenUsage; /** In billionths of a dollar; null if the price of the model is not known. */
  readonly costNanos: number | null;
};
/** A piece of an answer while it is made; `end` is the last one. */
type AnswerPart = {
  readonly type: "text";
  readonly text: string;
} | {
  readonly type: "tool-call";
  readonly call: ToolCall;
} | {
  readonly type: "end";
  readonly answer: ModelAnswer;
};
/** Texts whose meaning is asked for as vectors. */
type EmbeddingRequest = {
  readonly model: string | readonly string[];
  readonly texts: readonly string[];
};
/** A vector per text, in their order. */
type EmbeddingAnswer = {
  readonly vectors: readonly (readonly number[])[];
  readonly provider: string;
  readonly model: string;
  readonly usage: TokenUsage;
  readonly costNanos: number | null;
};
/** What a structured answer is checked by, beside the JSON Schema that the model is given. */
interface StructuredOptions<T> {
  /** Checks and converts the value; a schema of zod, valibot or arktype. */
  readonly schema?: StandardSchema<unknown, T> | undefined;
  /** How often the model is shown what is wrong and asked again; 2 if not given. */
  readonly repairsMax?: number | undefined;
}
/** A value that a model answered, and the answer it came with. */
interface StructuredAnswer<T> {
  readonly value: T;
  readonly answer: ModelAnswer;
  /** How often it was asked again. */
  readonly repairs: number;
}
/** Who a call is made for; accounts are kept by these. */
interface CallOwner {
  readonly tenant: string;
  readonly runId: string;
  /** `provider:model`. */
  readonly model: string;
}
/** A limit in dollars: for everything, or for each tenant, run or model by itself. */
interface BudgetLimit {
  readonly per: "gateway" | "tenant" | "run" | "model";
  readonly dollars: number;
  /** The only tenant, run or `provider:model` it is for; each by itself if not given. */
  readonly of?: string;
}
/** What an account has spent and holds back for calls under way, in billionths of a dollar. */
interface AccountState {
  readonly spentNanos: number;
  readonly reservedNanos: number;
}
/** Money held back for one call. */
interface Reservation {
  /** Puts what the call cost in place of what was held back. */
  settle(costNanos: number): void;
}
/** The budgets of one gateway, in memory. */
declare class Budgets {
  #private;
  constructor(limits: readonly BudgetLimit[]);
  /** Whether any limit is for this owner: then the price of the model has to be known. */
  applyTo(owner: CallOwner): boolean;
  /** Holds money back in every account of the owner, or in none. Throws ModelError (AF_MODEL_BUDGET). */
  reserve(owner: CallOwner, nanos: number): Reservation;
  /** What was spent before this gateway was opened, such as by the same run in an earlier process. */
  addSpent(owner: CallOwner, costNanos: number): void;
  /** State of an account, such as `{ per: "run", of: runId }`. */
  stateOf({
    per,
    of
  }: Pick<BudgetLimit, "per" | "of">): AccountState;
}
/** What a model costs from a day on, in dollars per million tokens. Replaces the table's price (MDL-4). */
interface PriceOverride {
  /** `provider:model`; a `*` at the end stands for any rest. */
  readonly model: string;
  /** Day from which it holds, as YYYY-MM-DD in UTC; from the beginning of time if not given. */
  readonly from?: string;
  readonly input: number;
  readonly output: number;
  /** Of input that is read from a prompt cache; `input` if not given. */
  readonly cached?: number;
  /** Of input that is written into a prompt cache; `input` if not given. */
  readonly cacheWrite?: number;
}
/** What a model costs, in trillionths of a dollar per token. */
interface Price {
  readonly input: bigint;
  readonly output: bigint;
  readonly cached: bigint;
  readonly cacheWrite: bigint;
}
/** The price of a model for a call with so many input tokens at a time, or undefined if it is not known. */
type PriceTable = (provider: string, model: string, call: {
  readonly at: number;
  readonly inputTokens: number;
}) => Price | undefined;
/** How long a provider may take, in milliseconds. */
interface Timeouts {
  /** For a whole answer that is not streamed. */
  readonly callMs: number;
  /** Until a streamed answer begins, and then from piece to piece. */
  readonly connectMs: number;
  readonly idleMs: number;
}
/** Where calls may go (MDL-5). */
interface ResidencyOptions {
  /** Hosts that calls may go to: `name`, `name:port`, or `*.domain`. */
  readonly hosts: readonly string[];
  /**
   * Networks that their addresses have to lie in, as CIDR; those that are not routed on the internet if not given. A
   * listed name that a resolver sends elsewhere is refused.
   */
  readonly networks?: readonly string[];
}
/** What a provider answers. `usage` is absent where it does not tell. */
interface ProviderReply {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: FinishReason;
  readonly usage?: TokenUsage | undefined;
}
/**
 * A piece of a streamed reply. `open` says that the provider has begun to answer; `end` is the last one, and its reply
 * repeats the whole text. A stream that is over without `end` has failed.
 */
type ReplyPart = {
  readonly type: "open";
} | {
  readonly type: "text";
  readonly text: string;
} | {
  readonly type: "tool-call";
  readonly call: ToolCall;
} | {
  readonly type: "end";
  readonly reply: ProviderReply;
};
/** Vectors of texts, in their order. */
interface ProviderVectors {
  readonly vectors: readonly (readonly number[])[];
  readonly usage?: TokenUsage | undefined;
}
/**
 * Where models are. It makes one call when asked and throws what goes wrong; waiting, trying again, counting and
 * paying belong to the gateway.
 */
interface ModelProvider {
  readonly name: string;
  /** Where its calls go, "" for one that makes none; part of every cache key (RUN-20). */
  readonly baseUrl: string;
  /** Its models cost nothing by the token: own hardware, or no model at all. */
  readonly isFree: boolean;
  generate(model: string, request: ModelRequest, signal: AbortSignal): Promise<ProviderReply>;
  stream(model: string, request: ModelRequest, signal: AbortSignal): AsyncIterable<ReplyPart>;
  embed?(model: string, texts: readonly string[], signal: AbortSignal): Promise<ProviderVectors>;
}
/** What language a provider's server speaks. */
type Protocol = "openai" | "anthropic" | "openai-compatible";
/** A server of models: vLLM, TGI and others speak `openai-compatible`. */
interface EndpointOptions {
  readonly protocol: Protocol;
  /** Up to and without the last part, such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** The server takes a JSON Schema for its answer, not only "some JSON". */
  readonly structuredOutput?: boolean;
  /** Its models cost nothing by the token. */
  readonly isFree?: boolean;
}
/** Names and variables of the environment that hold keys and places of servers. */
type ModelEnvironment = Readonly<Record<string, string | undefined>>;
/** How a gateway calls models (MDL-1, MDL-2). */
interface GatewayOptions {
  /** False refuses every call (MDL-10). */
  readonly enabled?: boolean | undefined;
  /** Servers by the name that models are called by, such as `{ vllm: { protocol: "openai-compatible", baseUrl } }`. */
  readonly endpoints?: Readonly<Record<string, EndpointOptions>> | undefined;
  /** Providers beside the built-in ones, such as a mock. */
  readonly providers?: readonly ModelProvider[] | undefined;
  /** In milliseconds; 60,000 each if not given. */
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** How often a model is tried again after a failure that may pass; 2 if not given. */
  readonly retriesMax?: number | undefined;
  /** Delay before the first retry, in milliseconds, doubling from then on; 500 if not given. */
  readonly backoffMs?: number | undefined;
  /** Failures in a row after which a model is left alone, 5 if not given, and for how long, 30,000 ms. */
  readonly breaker?: {
    readonly threshold?: number;
    readonly cooldownMs?: number;
  } | undefined;
  /** Asks the rest of a route too where its first model has not answered after so long; streams are never hedged. */
  readonly hedgeAfterMs?: number | undefined;
  /** Only these hosts may be called; a route skips models elsewhere (MDL-5). */
  readonly residency?: ResidencyOptions | undefined;
  readonly budgets?: readonly BudgetLimit[] | undefined;
  /** Prices that replace those of the table. */
  readonly prices?: readonly PriceOverride[] | undefined;
  /** Whose calls they are, where a call does not say; `default` if not given. */
  readonly tenant?: string | undefined;
  /** Is told of every call of a provider. */
  readonly onCall?: ((call: ModelCall) => void) | undefined;
}
/** What a gateway needs from outside. */
interface GatewayHost {
  readonly clock: Clock;
  /** Holds the keys and base URLs of known servers. */
  readonly environment: ModelEnvironment;
  /** The table of prices; the published one is loaded with the first call if none is given. */
  readonly prices?: PriceTable | undefined;
  /** For jitter; Math.random if not given. */
  readonly random?: (() => number) | undefined;
}
/**
 * The one way to models (MDL-1): an answer, a stream, a value or vectors from any provider, with the same limits, retries,
 * budgets and account. Every method rejects with ModelError, and with CapabilityError where a provider's package is not
 * installed.
 */
declare class ModelGateway {
  #private;
  readonly budgets: Budgets;
  constructor(options: GatewayOptions, host: GatewayHost);
  /** Asks for a whole answer. */
  complete(request: ModelRequest, options?: CallOptions): Promise<ModelAnswer>;
  /** Shows the answer while it is made. The last part holds all of it. */
  stream(request: ModelRequest, options?: CallOptions): AsyncGenerator<AnswerPart, void>;
  /** Asks for JSON, checks it, and has it mended where it is wrong; `request.output` has its JSON Schema. */
  value<T = Json>(request: ModelRequest, {
    schema,
    repairsMax,
    ...options
  }?: CallOptions & StructuredOptions<T>): Promise<StructuredAnswer<T>>;
  /** Asks for a vector per text. */
  embed(request: EmbeddingRequest, options?: CallOptions): Promise<EmbeddingAnswer>;
  /**
   * What decides an answer beside the request itself: provider, base URL and model of each target of a route. Part of the
   * key under which an answer is remembered (RUN-20).
   */
  identityOf(model: string | readonly string[]): Json;
  /** Refuses a route of which no model can be called here, before anything depends on it: its key or package is missing. */
  check(model: string | readonly string[]): Promise<void>;
}
/** How a step asks a model. */
interface AskOptions extends Pick<CallOptions, "timeoutMs" | "tenant"> {
  /** Look for the same request first among those answered: within this run, or by any run of the tenant (RUN-20). */
  readonly cache?: IoOptions<ModelAnswer>["cache"];
  /** Show the answer while it is made, as live events of type `token`. */
  readonly tokens?: boolean;
}
/** What of a step's context asking needs. */
type AskContext = Pick<NodeContext, "io" | "emit" | "runId">;
/**
 * Asks a model from a step: one `ctx.io`, so that a replay, a resume and a later attempt make no call (MDL-9). The journal
 * knows the answer by the request; the cache also by provider, base URL and model of each target of its route (RUN-20).
 */
declare function ask(ctx: AskContext, gateway: ModelGateway, {
  name,
  ...request
}: ModelRequest & {
  readonly name?: string;
}, {
  cache,
  tokens,
  timeoutMs,
  tenant
}?: AskOptions): Promise<ModelAnswer>;
/** Something that a model may have done. */
interface AgentTool {
  readonly description: string;
  /** JSON Schema of what it takes. */
  readonly input: JsonObject;
  /** Checks what the model gives it; a schema of zod, valibot or arktype. */
  readonly check?: StandardSchema<unknown, unknown>;
  /** It changes something outside. */
  readonly effect?: boolean;
  readonly run: (input: Json, call: IoCall) => Json | Promise<Json>;
}
/** What an agent is, and what it is to do with the state of its step. */
interface AgentOptions<State, Delta, Value = string> extends AskOptions {
  /** `provider:model`, or a route. */
  readonly model: string | readonly string[];
  readonly instructions?: string;
  /** What it is asked, made from the state. */
  readonly prompt: (state: State) => string;
  readonly tools?: Readonly<Record<string, AgentTool>>;
  /** Answers of the model in all, tool calls included; 8 if not given. */
  readonly roundsMax?: number;
  /** What it is to answer as JSON; without it its value is the text. */
  readonly output?: OutputDeclaration;
  /** Checks and converts the value. */
  readonly check?: StandardSchema<unknown, Value>;
  readonly repairsMax?: number;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** The step's delta, made from the value. */
  readonly result: (value: Value, answer: ModelAnswer) => Delta;
}
/** The function of a node that is an agent. It rejects with ModelError (AF_MODEL_OUTPUT) where no answer is reached. */
declare function agent<State, Delta, Value = string>(gateway: ModelGateway, options: AgentOptions<State, Delta, Value>): (state: State, ctx: AskContext) => Promise<Delta>;
/** The code a failed outcome is thrown with. */
declare const outcomeCodes: {
  readonly timeout: "AF_MODEL_TIMEOUT";
  readonly rate_limited: "AF_MODEL_RATE_LIMITED";
  readonly provider_error: "AF_MODEL_PROVIDER";
  readonly auth: "AF_MODEL_AUTH";
  readonly validation: "AF_MODEL_REQUEST";
  readonly quota: "AF_MODEL_QUOTA";
  readonly cancelled: "AF_MODEL_CANCELLED";
};
/** Billionths of a dollar of an amount in dollars. */
declare function nanosOfDollars(dollars: number): number;
/** An amount as a decimal number of dollars, exactly: `0.000150000`, shortened to six decimals where the rest is 0. */
declare function dollarsText(nanos: number): string;
/** What a mock answers with: a text, tool calls, JSON as text, or an error that the call fails with. */
type MockReply = string | Error | {
  readonly text?: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly usage?: TokenUsage;
  readonly finish?: ProviderReply["finish"];
};
/** A provider for tests, and the requests that it was asked. */
interface MockProvider extends ModelProvider {
  readonly requests: readonly ModelRequest[];
}
/**
 * A provider that answers with these replies in their order, or with what a function makes of the request. Tokens are
 * counted as words unless a reply says them. One call more than there are replies fails with ModelError
 * (AF_MODEL_REQUEST), so that a test sees every call.
 */
declare function mockProvider(replies: readonly MockReply[] | ((request: ModelRequest, nth: number) => MockReply), {
  name,
  isFree
}?: {
  readonly name?: string;
  readonly isFree?: boolean;
}): MockProvider;
/**
 * A gateway to models with the settings of the environment and of the configuration file in the current folder, over
 * which the options given win (MDL-1, RUN-40). Keys are taken from the environment alone. Rejects with ConfigError for a
 * setting that is not valid.
 */
declare function createModelGateway(options?: GatewayOptions, environment?: Readonly<Record<string, string | undefined>>): Promise<ModelGateway>;
export {
  type AccountState,
  type AgentOptions,
  type AgentTool,
  type AnswerPart,
  type AskContext,
  type AskOptions,
  type BudgetLimit,
  type Budgets,
  type CallOptions,
  type CallOwner,
  type EmbeddingAnswer,
  type EmbeddingRequest,
  type EndpointOptions,
  type FinishReason,
  type GatewayHost,
  type GatewayOptions,
  type Message,
  type MockProvider,
  type MockReply,
  type ModelAnswer,
  type ModelCall,
  type ModelEnvironment,
  type ModelGateway,
  type ModelOutcome,
  type ModelProvider,
  type ModelRequest,
  type OutputDeclaration,
  type Price,
  type PriceOverride,
  type PriceTable,
  type Protocol,
  type ProviderReply,
  type ProviderVectors,
  type ReplyPart,
  type Reservation,
  type ResidencyOptions,
  type StructuredAnswer,
  type StructuredOptions,
  type Timeouts,
  type TokenUsage,
  type ToolCall,
  type ToolDeclaration,
  agent,
  ask,
  createModelGateway,
  dollarsText,
  mockProvider,
  nanosOfDollars,
  outcomeCodes,
};
