import {
  type CallSpan,
  cacheKey,
  callSpan,
  type EncodedJson,
  encodeJson,
  type Failure,
  type IoCall,
  type IoOptions,
  ioIdempotencyKey,
  type JournalEntry,
  type Json,
  jitterOf,
  type ModelCall,
  nextDelayMs,
  noSpan,
  type OutsideCall,
  type ResolvedRetryPolicy,
  resolveRetryPolicy,
  sha256Hex,
  shouldRetry,
  type TracedSpan,
  toFailure,
  ValidationError,
} from "@agentflow/core";
import type { Call, Ending } from "../journal/step-journal.ts";
import type { Attempt } from "./attempt.ts";
import { failureOf, predicateThrew, RecordedError } from "./recorded-error.ts";
import { parsed } from "./recorded-value.ts";
import type { StepHost } from "./step-host.ts";

/** One `ctx.io` call as its author wrote it. */
export interface IoRequest {
  readonly name: string;
  readonly input: EncodedJson;
  readonly call: (input: Json, call: IoCall) => unknown;
  readonly options: IoOptions<unknown>;
}

/**
 * Answers an outside call from the journal, from the cache, or by making it, and records how it ended (S8). Resolves to
 * the frozen result; rejects with RecordedError. An attempt that was revoked meanwhile records nothing.
 */
export async function callOutside(attempt: Attempt, host: StepHost, request: IoRequest): Promise<Json> {
  const { task } = attempt;
  const inputHash = sha256Hex(request.input.json);
  const call = task.journal.call("io", request.name, inputHash);
  if (call.found !== undefined) {
    await takeTurn(attempt, host, call.found);
    return replayed(call.found);
  }
  host.beforeCall(task, { kind: "io", name: request.name, inputHash, input: request.input.value });
  const earlier = host.whenDurable(task);
  if (earlier !== undefined) await earlier;
  if (attempt.isRevoked) return null;
  host.ioStarted(attempt);
  const span = host.trace?.call(attempt, "io", request.name);
  try {
    return await makeCall({ attempt, host, request, call, inputHash, span });
  } finally {
    // One whose outcome is not known was cancelled with its attempt.
    host.trace?.ended(span, "cancelled");
    host.ioEnded(attempt);
  }
}

/**
 * Lets a recorded call end when its turn has come. Until then it counts as under way.
 */
export async function takeTurn(attempt: Attempt, host: StepHost, entry: Ending): Promise<void> {
  const turn = attempt.task.journal.turns.turnOf(entry);
  if (turn !== undefined) await underWay(attempt, host, turn);
}

/**
 * Undefined if a call that is not recorded yet may end now, and then its entry has to be recorded before anything else
 * is; else resolves when it may.
 */
export function nextTurn(attempt: Attempt, host: StepHost): Promise<void> | undefined {
  const turn = attempt.task.journal.turns.nextTurn();
  return turn && underWay(attempt, host, turn);
}

async function underWay(attempt: Attempt, host: StepHost, turn: Promise<void>): Promise<void> {
  host.ioStarted(attempt);
  await turn;
  host.ioEnded(attempt);
}

function replayed(entry: JournalEntry): Json {
  if (entry.kind === "ioError") throw new RecordedError(parsed(entry) as unknown as Failure);
  return parsed(entry);
}

interface Making {
  readonly attempt: Attempt;
  readonly host: StepHost;
  readonly request: IoRequest;
  readonly call: Call;
  readonly inputHash: string;
  readonly span: TracedSpan | undefined;
}

async function makeCall(making: Making): Promise<Json> {
  const { attempt, host, request } = making;
  const begun = host.clock.monotonic();
  const calls: ModelCall[] = [];
  const outcome = await cachedOr({ ...making, calls });
  if (attempt.isRevoked) return null;
  making.span?.set({ cache: outcome.cache });
  if (making.span !== undefined) host.trace?.callEnded(making.span, outcome.failure);
  const turn = attempt.task.journal.turns.nextTurn();
  if (turn !== undefined) await turn;
  if (attempt.isRevoked) return null;
  const entry: JournalEntry = {
    index: making.call.index,
    kind: outcome.failure === undefined ? "io" : "ioError",
    name: request.name,
    inputHash: making.inputHash,
    nth: making.call.nth,
    attempt: attempt.number,
    value: outcome.json,
    at: host.clock.now(),
    durationMs: Math.round(host.clock.monotonic() - begun),
    ...(request.options.effect === true ? { effect: true } : {}),
    ...(outcome.cache === undefined ? {} : { cache: outcome.cache }),
  };
  for (const modelCall of calls) recordModelCall(making, modelCall);
  attempt.task.journal.add(entry);
  host.record(attempt.task, entry);
  if (outcome.failure !== undefined) throw new RecordedError(outcome.failure);
  return outcome.value;
}

/** What a call of a model took is a row of its own before that of the call that it was made for: no call waits for it. */
function recordModelCall({ attempt, host, request, inputHash }: Making, modelCall: ModelCall): void {
  const { journal } = attempt.task;
  const { json } = encodeJson(modelCall, `account of io "${request.name}"`);
  const index = journal.nextIndex();
  const entry: JournalEntry = {
    index,
    kind: "model",
    name: request.name,
    inputHash,
    // Calls of models are told apart by their index alone.
    nth: index,
    attempt: attempt.number,
    value: json,
    at: host.clock.now(),
    durationMs: modelCall.latencyMs,
  };
  journal.add(entry);
  host.record(attempt.task, entry);
}

interface IoOutcome {
  readonly json: string;
  readonly value: Json;
  readonly failure?: Failure;
  readonly cache?: "hit" | "miss";
}

type Made = Making & { readonly calls: ModelCall[] };

async function cachedOr(making: Made): Promise<IoOutcome> {
  const { host, request } = making;
  const kind = request.options.cache;
  if (kind === undefined || kind === "off" || host.cache === undefined) return tryCalls(making);
  const scope = host.cacheScope(kind);
  const key = cacheKey({
    tenant: host.tenant,
    step: `${making.attempt.task.node.name}#${request.name}`,
    inputs: request.input.value,
    parameters: request.options.cachedBy?.(),
    ...host.cacheIdentity(making.attempt.task),
  });
  const hit = await host.cache.get(scope, key);
  if (hit !== undefined) return { ...encodeJson(JSON.parse(hit), request.name), cache: "hit" };
  const outcome = await tryCalls(making);
  if (outcome.failure === undefined) await host.cache.put(scope, key, outcome.json);
  return { ...outcome, cache: "miss" };
}

async function tryCalls(making: Made): Promise<IoOutcome> {
  const { attempt, host, request, inputHash, call } = making;
  const policy = resolveRetryPolicy(request.options.retry);
  const { stepId } = attempt.task;
  const identity = { runId: host.runId, stepId, name: request.name, inputHash, nth: call.nth };
  const given = new GivenCall(making, () => ioIdempotencyKey(identity));
  for (let number = 1; ; number++) {
    try {
      const result = await tryCall(making, given);
      const checked = request.options.schema === undefined ? result : await checkResult(request, result);
      return encodeJson(checked ?? null, `result of io "${request.name}"`);
    } catch (error) {
      const { failure, isRetried } = decideRetry(policy, number, error, request.name);
      if (!isRetried || attempt.isRevoked) {
        const { json, value } = encodeJson(failure, "failure");
        return { json, value, failure: value as unknown as Failure };
      }
      const delayMs = nextDelayMs(policy, number, () =>
        jitterOf(host.seed, `${stepId}#${request.name}`, number),
      );
      await new Promise<void>((resolve) => host.clock.setTimer(delayMs, resolve));
    }
  }
}

function tryCall({ attempt, host, request, span }: Making, given: IoCall): unknown {
  const call = (): unknown => request.call(request.input.value, given);
  const proceed = span === undefined ? call : (): unknown => span.within(call);
  if (host.interceptor === undefined) return proceed();
  const { task, number } = attempt;
  const { name, input, options } = request;
  const made: OutsideCall = {
    runId: host.runId,
    stepId: task.stepId,
    node: task.node.name,
    attempt: number,
    name,
    input: input.value,
    effect: options.effect === true,
    idempotencyKey: given.idempotencyKey,
    signal: given.signal,
    account: given.account,
    span: given.span,
  };
  return host.interceptor.io(made, proceed);
}

function decideRetry(
  policy: ResolvedRetryPolicy,
  number: number,
  error: unknown,
  name: string,
): { readonly failure: Failure; readonly isRetried: boolean } {
  const failure = failureOf(error);
  try {
    return { failure, isRetried: shouldRetry(policy, number, failure) };
  } catch (thrown) {
    return { failure: toFailure(predicateThrew(`io "${name}"`, thrown, error)), isRetried: false };
  }
}

async function checkResult(request: IoRequest, result: unknown): Promise<unknown> {
  const checked = await request.options.schema?.["~standard"].validate(result);
  if (checked === undefined || checked.issues === undefined) return checked?.value;
  const problems = checked.issues.map((issue) => issue.message);
  throw new ValidationError(
    "AF_OUTPUT_INVALID",
    `The result of io "${request.name}" does not match its schema: ${problems.join("; ")}.`,
    {
      context: { io: request.name, problems },
    },
  );
}

/** What the author's function gets; the key is computed only if it is read. */
class GivenCall implements IoCall {
  readonly #attempt: Attempt;
  readonly #makeKey: () => string;
  readonly #span: TracedSpan | undefined;
  readonly account: (call: ModelCall) => void;

  constructor({ attempt, calls, host, span }: Made, makeKey: () => string) {
    this.#attempt = attempt;
    this.#makeKey = makeKey;
    this.#span = span;
    this.account = (call) => {
      calls.push(call);
      if (span !== undefined) host.trace?.modelCalled(span, call, host.clock.now());
    };
  }

  get span(): CallSpan {
    return this.#span === undefined ? noSpan : callSpan(this.#span);
  }

  get idempotencyKey(): string {
    return this.#makeKey();
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }
}
