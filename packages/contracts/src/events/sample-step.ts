import {
  type ArtifactBinding,
  canonicalJson,
  type FrontierEntry,
  hashOf,
  type JournalEntry,
  type JournalKind,
  type Json,
  type ModelCall,
  sha256Hex,
} from "@agentflow/core";
import type { SampleRandom } from "./sample-random.ts";

/** What a sample step does, whatever the order in which the run gets to it. */
export interface SampleStep {
  readonly entries: readonly JournalEntry[];
  /** How the attempts before the one that succeeds ended. */
  readonly attempts: readonly ("retried" | "failed" | "cancelled")[];
  readonly artifacts: readonly (ArtifactBinding & { readonly content: string })[];
  readonly delta: string;
  readonly goto: readonly string[] | undefined;
  /** What the step cache answered, if it was asked. */
  readonly asked: "hit" | "miss" | undefined;
  /** JSON of the blob that the step's entries may refer to, and its delta if `large`. */
  readonly blob: string;
  readonly large: boolean;
  readonly nested: boolean;
}

const kinds = [
  "io",
  "ioError",
  "model",
  "tx",
  "now",
  "interrupt",
  "sleep",
  "wait",
  "answer",
  "event",
] as const;
const oddTexts = [
  "",
  "plain",
  "two\nlines",
  "\u0000",
  "\ud800",
  "\u{1f600}",
  '"quoted"',
  "__proto__",
] as const;

/** The content of one step, from a source of its own. `depth` bounds the nesting. */
export function sampleStep(random: SampleRandom, stepId: string, depth: number): SampleStep {
  const nested = depth < 2 && random.oneIn(5);
  const blob = canonicalJson({ big: random.pick(oddTexts), of: stepId });
  return {
    entries: Array.from({ length: nested ? 0 : random.below(4) }, (_, index) =>
      sampleEntry(random, index, blob),
    ),
    attempts: Array.from({ length: nested || !random.oneIn(4) ? 0 : 1 + random.below(2) }, () =>
      random.pick(["retried", "failed", "cancelled"]),
    ),
    artifacts: random.oneIn(4) ? [sampleArtifact(random, stepId)] : [],
    delta: canonicalJson(sampleDelta(random)),
    goto: random.oneIn(8) ? ["a", "b"] : undefined,
    asked: random.oneIn(6) ? random.pick(["hit", "miss"] as const) : undefined,
    blob,
    large: random.oneIn(6),
    nested,
  };
}

/** The next frontier of a scope, empty to end it. */
export function sampleFrontier(random: SampleRandom, superstep: number, origin: string): FrontierEntry[] {
  const width = superstep > 2 ? 0 : random.below(4);
  return ["a", "b", "fan"].slice(0, width).map((node, edge) => ({
    node,
    origin,
    edge,
    ...(node === "fan" ? { items: 1 + random.below(4), itemsHash: hashOf([origin]) } : {}),
  }));
}

function sampleEntry(random: SampleRandom, index: number, blob: string): JournalEntry {
  const kind: JournalKind = random.pick(kinds);
  const ref = kind !== "model" && random.oneIn(6);
  return {
    index,
    kind,
    name: random.pick(["fetch", "plan"]),
    inputHash: hashOf([index]),
    nth: 0,
    attempt: 1,
    value: ref ? sha256Hex(blob) : canonicalJson(kind === "model" ? sampleCall(random) : sampleDelta(random)),
    ...(ref ? { ref } : {}),
    at: 0,
    durationMs: 0,
    ...(kind === "io" && random.oneIn(3) ? { effect: true as const } : {}),
    ...(kind === "io" && random.oneIn(2) ? { cache: "miss" as const } : {}),
  };
}

function sampleCall(random: SampleRandom): ModelCall {
  return {
    provider: "openai",
    model: random.pick(oddTexts),
    outcome: random.pick(["succeeded", "timeout", "rate_limited", "cancelled"]),
    inputTokens: random.below(1_000),
    cachedTokens: random.below(10),
    cacheWriteTokens: 0,
    outputTokens: random.below(1_000),
    estimated: random.oneIn(3),
    costNanos: random.oneIn(4) ? null : random.below(1_000_000),
    expectedNanos: random.oneIn(4) ? null : random.below(1_000_000),
    latencyMs: random.below(100),
    ...(random.oneIn(2) ? { firstTokenMs: random.below(50) } : {}),
  };
}

function sampleArtifact(random: SampleRandom, stepId: string): SampleStep["artifacts"][number] {
  const content = `${random.pick(oddTexts)} of ${stepId}`;
  return {
    path: `${stepId}.md`,
    sha256: sha256Hex(content),
    sizeBytes: new TextEncoder().encode(content).length,
    reason: random.pick(["created", "changed", "nochange"]),
    content,
  };
}

function sampleDelta(random: SampleRandom): Json {
  const members = Array.from({ length: random.below(4) }, (_, index): [string, Json] => [
    random.pick(["10", "9", "text", "__proto__", "é", `k${index}`]),
    random.pick<Json>([null, true, random.below(1_000) / 8, random.pick(oddTexts), [1, { a: [] }]]),
  ]);
  return Object.fromEntries(members);
}
