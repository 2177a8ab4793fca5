import type {
  Failure,
  Json,
  MarkRow,
  NodePolicy,
  RunHead,
  RunStore,
  StepDetail,
  WorkflowModel,
} from "@agentflow/core";
import { readAllRecords } from "../resume/read-all-records.ts";

/** A completed step that is to be undone. */
export interface CompletedStep {
  readonly stepId: string;
  readonly node: string;
  /** Place of its outcome among the record events: later ones are undone first. */
  readonly event: number;
  /** The delta of a node, or what a step of a flow gave. */
  readonly result: unknown;
  readonly resultJson: Json;
  /** The state, item or input that it worked on. */
  readonly argument: unknown;
  readonly policy: NodePolicy;
}

/** A step whose compensation failed for good. */
export interface FailedCompensation {
  readonly stepId: string;
  readonly failure: Failure;
}

/** What became of the compensations of a run. */
export interface CompensationReport {
  /** Steps that were undone. */
  readonly compensated: number;
  readonly failed: readonly FailedCompensation[];
}

/** Why a run is compensated, as the mark that begins it says. */
export interface CompensatingData {
  readonly after: "failed" | "cancelled";
  /** Superstep of the compensations' own step, behind those of the run. */
  readonly superstep: number;
  readonly failure?: Failure;
  readonly others?: readonly Failure[];
  readonly by?: string;
}

/** True if runs of a workflow may have steps to undo; those of a flow are known only once it has run. */
export function mayCompensate(model: WorkflowModel): boolean {
  return model.nodes.some(({ body, policy }) => {
    if (policy.compensate !== undefined || body.type === "flow") return true;
    return body.type === "nested" && mayCompensate(body.child.model);
  });
}

/** True if a committed step of a run declares how it is undone. */
export async function hasCompensations(
  head: Pick<RunHead, "tenant" | "runId">,
  runs: RunStore,
): Promise<boolean> {
  for await (const { kind, row } of readAllRecords(head, runs)) {
    if (kind !== "step" || row.detail === undefined) continue;
    if ((JSON.parse(row.detail) as StepDetail).compensates === true) return true;
  }
  return false;
}

/** How far the compensation of a stored run has got; undefined if it has not begun. */
export interface StoredCompensation {
  readonly data: CompensatingData;
  /** What its last end says; undefined while it is under way. */
  readonly report: CompensationReport | undefined;
}

/** Reads through the marks of a run for its compensation. */
export async function readCompensation(
  head: Pick<RunHead, "tenant" | "runId">,
  runs: RunStore,
): Promise<StoredCompensation | undefined> {
  let found: StoredCompensation | undefined;
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind === "mark") found = compensationAfter(found, record.row);
  }
  return found;
}

/** What is known of a run's compensation after one more mark. */
export function compensationAfter(
  known: StoredCompensation | undefined,
  { type, data }: MarkRow,
): StoredCompensation | undefined {
  if (type === "run.compensating") return { data: parse<CompensatingData>(data), report: undefined };
  if (known === undefined || (type !== "run.failed" && type !== "run.cancelled")) return known;
  return { ...known, report: parse<{ compensation?: CompensationReport }>(data).compensation };
}

function parse<T>(data: string | undefined): T {
  return JSON.parse(data ?? "{}") as T;
}
