import {
  canonicalLog,
  diffJson,
  eventsOf,
  type Json,
  type JsonChange,
  type JsonObject,
  type RecordEvent,
  type RunHead,
  type RunStatus,
  type RunStore,
} from "@agentflow/core";
import { inspectRun } from "../inspect/run-view.ts";
import { readAllRecords } from "../resume/read-all-records.ts";

/** How one step went in two runs; `before` and `after` of a change are those of the first and the second. */
export interface StepDiff {
  readonly stepId: string;
  /** `added` and `removed`: only the second run, or only the first, has the step. */
  readonly kind: "added" | "removed" | "changed";
  /** By what the step did: `delta.total`, `io "fetch"[0].value`, `failed[0].failure.message`. */
  readonly changes: readonly JsonChange[];
}

/** Where two runs differ. */
export interface RunDiff {
  readonly runs: readonly [first: string, second: string];
  readonly statuses: readonly [first: RunStatus, second: RunStatus];
  /** The first step, in order-key order, that did not go the same way; undefined if all did. */
  readonly divergence: { readonly stepId: string; readonly path: string } | undefined;
  /** Steps that differ, in order-key order. */
  readonly steps: readonly StepDiff[];
  /** Steps that went the same way. */
  readonly same: number;
  /** Differences of the root states: at the end, or at the last seal. */
  readonly state: readonly JsonChange[];
}

/**
 * Compares what two runs did and came to, by their canonical logs: times, owners and interleavings make no difference
 * (S6). The runs may be of different workflows.
 */
export async function diffRuns(first: RunHead, second: RunHead, runs: RunStore): Promise<RunDiff> {
  const [before, after] = [await readSteps(first, runs), await readSteps(second, runs)];
  const steps: StepDiff[] = [];
  let same = 0;
  for (const stepId of inOrder([...before.keys()], [...after.keys()])) {
    const [one, other] = [before.get(stepId), after.get(stepId)];
    const changes = diffSteps(one ?? {}, other ?? {});
    if (changes.length === 0) same++;
    else steps.push({ stepId, kind: kindOf(one, other), changes });
  }
  const [start, end] = [await inspectRun(first, runs), await inspectRun(second, runs)];
  const [diverged] = steps;
  return {
    runs: [first.runId, second.runId],
    statuses: [first.status, second.status],
    divergence:
      diverged === undefined ? undefined : { stepId: diverged.stepId, path: diverged.changes[0]?.path ?? "" },
    steps,
    same,
    state: diffJson(start.state, end.state),
  };
}

/** By what the step did, each as deep as both have the same shape. */
function diffSteps(one: JsonObject, other: JsonObject): readonly JsonChange[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return names.flatMap((name) =>
    diffJson(one[name], other[name]).map(({ path, ...change }) => ({
      path: path === "" || path.startsWith("[") ? `${name}${path}` : `${name}.${path}`,
      ...change,
    })),
  );
}

function kindOf(one: unknown, other: unknown): StepDiff["kind"] {
  if (one === undefined) return "added";
  return other === undefined ? "removed" : "changed";
}

interface Line {
  readonly type: string;
  readonly step?: string;
  readonly data: JsonObject;
}

/** What each step did, in order-key order. */
async function readSteps(head: RunHead, runs: RunStore): Promise<ReadonlyMap<string, JsonObject>> {
  const events: RecordEvent[] = [];
  for await (const record of readAllRecords(head, runs)) events.push(...eventsOf(record, head));
  const steps = new Map<string, Record<string, Json>>();
  for (const text of canonicalLog(events).split("\n")) {
    if (text === "") continue;
    const { type, step, data } = JSON.parse(text) as Line;
    if (step === undefined) continue;
    const known = steps.get(step) ?? {};
    steps.set(step, known);
    Object.assign(known, told(type, data, known));
  }
  return steps;
}

const place: ReadonlySet<string> = new Set(["scope", "superstep", "ordinal", "node", "item"]);

/** An event as fields of its step: the outcome by its own fields, all else by what it is. */
function told(type: string, data: JsonObject, known: JsonObject): Record<string, Json> {
  const rest = Object.fromEntries(Object.entries(data).filter(([field]) => !place.has(field)));
  if (type === "step.started") return {};
  if (type === "step.succeeded") return { status: "succeeded", ...rest };
  if (type.startsWith("step.")) return numbered(type.slice("step.".length), rest, known);
  if (type === "file.written") return { [`file ${JSON.stringify(data["path"])}`]: rest };
  const { name, nth: _nth, attempt: _attempt, ...entry } = rest;
  const [kind = type] = type.split(".");
  return numbered(`${kind} ${JSON.stringify(name)}`, { type, ...entry }, known);
}

/** Attempts and calls of one name are told apart by their number. */
function numbered(name: string, value: JsonObject, known: JsonObject): Record<string, Json> {
  let number = 0;
  while (Object.hasOwn(known, `${name}[${number}]`)) number++;
  return { [`${name}[${number}]`]: value };
}

/** Both orders in one: what only the second has comes before what follows it there. */
function inOrder(first: readonly string[], second: readonly string[]): readonly string[] {
  const known = new Set(first);
  const merged: string[] = [];
  let left = second;
  for (const stepId of first) {
    const place = left.indexOf(stepId);
    merged.push(...left.slice(0, Math.max(0, place)).filter((other) => !known.has(other)), stepId);
    left = left.slice(place + 1);
  }
  return [...merged, ...left.filter((stepId) => !known.has(stepId))];
}
