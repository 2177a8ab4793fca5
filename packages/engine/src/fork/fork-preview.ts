import type { JournalEntry, RecordRow, RunHead, RunStore, StepDetail } from "@agentflow/core";
import { Blobs } from "../resume/blobs.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import { type ForkPoint, findForkPoint } from "./fork-point.ts";

/** A step that the run did after the point, and a fork may do again. */
export interface RepeatedStep {
  readonly stepId: string;
  /** Outside calls that it made, effects included. */
  readonly calls: number;
  /** Names of those that change something outside: `ctx.tx`, and `ctx.io` with `effect`. */
  readonly effects: readonly string[];
  /** Milliseconds that its attempts took. */
  readonly durationMs: number;
}

/** What forking a run at a point means, before it is done (S23). */
export interface ForkPreview {
  readonly runId: string;
  readonly point: ForkPoint;
  /** Committed steps that the fork takes over: none of them runs again, and none of their effects is repeated. */
  readonly kept: number;
  /** What came after the point, in the order in which it began. A patch may lead elsewhere. */
  readonly repeated: readonly RepeatedStep[];
  readonly calls: number;
  readonly effects: number;
  readonly durationMs: number;
}

/** Says what a fork at a point would keep and what it would do again. */
export async function previewFork(head: RunHead, at: string | number, runs: RunStore): Promise<ForkPreview> {
  const point = await findForkPoint(head, at, runs);
  const steps = new Map<string, { calls: number; effects: string[]; durationMs: number }>();
  let kept = 0;
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind === "mark") continue;
    const isKept = record.row.event <= point.event;
    if (record.kind === "step" && isKept) kept++;
    if (isKept) continue;
    const stepId = Blobs.stepIdOf(record.row);
    const step = steps.get(stepId) ?? { calls: 0, effects: [], durationMs: 0 };
    steps.set(stepId, step);
    for (const entry of entriesOf(record)) {
      if (isCall(entry)) step.calls++;
      if (isEffect(entry)) step.effects.push(entry.name);
    }
    if (record.kind !== "journal") step.durationMs += record.row.durationMs;
  }
  const repeated = [...steps].map(([stepId, step]) => ({ stepId, ...step }));
  const sum = (of: (step: RepeatedStep) => number): number =>
    repeated.reduce((total, step) => total + of(step), 0);
  return {
    runId: head.runId,
    point: { scope: point.scope, superstep: point.superstep, event: point.event },
    kept,
    repeated,
    calls: sum((step) => step.calls),
    effects: sum((step) => step.effects.length),
    durationMs: sum((step) => step.durationMs),
  };
}

function entriesOf(record: Exclude<RecordRow, { readonly kind: "mark" }>): readonly JournalEntry[] {
  switch (record.kind) {
    case "journal":
      return [record.row.entry];
    case "attempt":
      return JSON.parse(record.row.entries ?? "[]") as JournalEntry[];
    case "step":
      return (JSON.parse(record.row.detail ?? "{}") as StepDetail).entries ?? [];
  }
}

function isCall({ kind }: JournalEntry): boolean {
  return kind === "io" || kind === "ioError" || kind === "tx";
}

function isEffect({ kind, effect }: JournalEntry): boolean {
  return kind === "tx" || effect === true;
}
