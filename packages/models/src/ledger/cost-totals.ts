import type { ModelCall } from "@agentflow/core";

/** A call of a model with its place, as the record of a run tells it. */
export interface LedgerEntry {
  readonly tenant: string;
  readonly runId: string;
  readonly workflow: string;
  /** Step id, and node of the workflow. */
  readonly step: string;
  readonly node: string;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly call: ModelCall;
}

/** What costs are told by (MDL-4). */
export type CostKey = "model" | "provider" | "workflow" | "node" | "step" | "run" | "tenant" | "day";

/** What several calls took together. Costs are whole billionths of a dollar, so a total is exactly the sum of its calls. */
export interface CostTotal {
  readonly key: string;
  readonly calls: number;
  /** Calls that did not succeed: they may cost something all the same. */
  readonly failed: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly costNanos: number;
  /** Calls whose tokens the provider did not tell. */
  readonly estimated: number;
  /** Calls whose model has no known price; `costNanos` leaves them out. */
  readonly unpriced: number;
  /** What the calls cost against what was expected before they were made; null where nothing was (MDL-8). */
  readonly varianceRatio: number | null;
}

const keysOf: Readonly<Record<CostKey, (entry: LedgerEntry) => string>> = {
  model: ({ call }) => (call.model === "" ? call.provider : `${call.provider}:${call.model}`),
  provider: ({ call }) => call.provider,
  workflow: ({ workflow }) => workflow,
  node: ({ workflow, node }) => `${workflow}/${node}`,
  step: ({ runId, step }) => `${runId}/${step}`,
  run: ({ runId }) => runId,
  tenant: ({ tenant }) => tenant,
  day: ({ at }) => new Date(at).toISOString().slice(0, 10),
};

interface Sum {
  calls: number;
  failed: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  costNanos: number;
  estimated: number;
  unpriced: number;
  /** Cost and expectation of the calls that have both and succeeded. */
  comparedNanos: number;
  expectedNanos: number;
}

/** Adds calls up, one at a time, so that any number of them fits into memory. */
export class CostTotals {
  readonly #by: CostKey | undefined;
  readonly #sums = new Map<string, Sum>();

  /** Without a key everything goes into one total, whose key is `total`. */
  constructor(by?: CostKey) {
    this.#by = by;
  }

  add(entry: LedgerEntry): void {
    const key = this.#by === undefined ? "total" : keysOf[this.#by](entry);
    const sum = this.#sums.get(key) ?? emptySum();
    this.#sums.set(key, sum);
    addCall(sum, entry.call);
  }

  /** The totals, the dearest first; equal ones by their key. */
  totals(): CostTotal[] {
    const totals = [...this.#sums].map(([key, { comparedNanos, expectedNanos, ...sum }]) => ({
      key,
      ...sum,
      varianceRatio: expectedNanos === 0 ? null : comparedNanos / expectedNanos,
    }));
    return totals.sort((a, b) => b.costNanos - a.costNanos || (a.key < b.key ? -1 : 1));
  }
}

function emptySum(): Sum {
  const tokens = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
  return {
    calls: 0,
    failed: 0,
    ...tokens,
    costNanos: 0,
    estimated: 0,
    unpriced: 0,
    comparedNanos: 0,
    expectedNanos: 0,
  };
}

function addCall(sum: Sum, call: ModelCall): void {
  sum.calls++;
  if (call.outcome !== "succeeded") sum.failed++;
  sum.inputTokens += call.inputTokens;
  sum.cachedTokens += call.cachedTokens;
  sum.outputTokens += call.outputTokens;
  if (call.estimated) sum.estimated++;
  if (call.costNanos === null) {
    sum.unpriced++;
    return;
  }
  sum.costNanos += call.costNanos;
  if (call.expectedNanos === null || call.outcome !== "succeeded") return;
  sum.comparedNanos += call.costNanos;
  sum.expectedNanos += call.expectedNanos;
}
