import type { Json, JsonObject } from "@agentflow/core";

/** What the record of a run says of one call of a model (event `cost.charged`), as far as facts follow from it. */
export interface RecordedModelCall {
  readonly provider: string;
  readonly model: string;
  /** How it ended if not with an answer. */
  readonly failure?: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** In US dollars, exact, as text; absent where the price of the model is not known. */
  readonly cost?: string;
  readonly estimate?: string;
}

function objectIn(value: Json | undefined): JsonObject {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {};
}

function textIn(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

const tokensMax = 2 ** 31 - 1;

function countIn(value: Json | undefined): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? Math.min(value, tokensMax)
    : 0;
}

const nanosOfDollar = 1_000_000_000n;
const dollarsMax = 999_999_999n;

// Billionths of a dollar as dollars, digit by digit: a division would round.
function dollarsIn(nanos: Json | undefined): string | undefined {
  if (typeof nanos !== "number" || !Number.isSafeInteger(nanos) || nanos < 0) return undefined;
  const dollars = BigInt(nanos) / nanosOfDollar;
  if (dollars > dollarsMax) return undefined;
  return `${dollars}.${String(BigInt(nanos) % nanosOfDollar).padStart(9, "0")}`;
}

/** Reads what is recorded of a call of a model; what it does not say is "none", 0 or absent. */
export function readModelCall(recorded: Json): RecordedModelCall {
  const { provider, model, outcome, inputTokens, outputTokens, cachedTokens, costNanos, expectedNanos } =
    objectIn(recorded);
  const failure = outcome === "succeeded" ? undefined : textIn(outcome);
  const [cost, estimate] = [dollarsIn(costNanos), dollarsIn(expectedNanos)];
  return {
    provider: textIn(provider) ?? "none",
    model: textIn(model) ?? "none",
    inputTokens: countIn(inputTokens),
    outputTokens: countIn(outputTokens),
    cachedTokens: countIn(cachedTokens),
    ...(failure === undefined ? {} : { failure }),
    ...(cost === undefined ? {} : { cost }),
    ...(estimate === undefined ? {} : { estimate }),
  };
}

/** The model that gave an answer which the response cache kept, or undefined if it is no answer of a model. */
export function cachedModel(answer: Json): { readonly provider: string; readonly model: string } | undefined {
  const { provider, model, usage } = objectIn(answer);
  const by = textIn(provider);
  // A provider with one model need not name it.
  if (by === undefined || typeof model !== "string" || usage === undefined) return undefined;
  return { provider: by, model: textIn(model) ?? "none" };
}
