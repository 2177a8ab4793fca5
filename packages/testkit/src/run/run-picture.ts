import assert from "node:assert/strict";
import { canonicalJson, canonicalLog, formatStepId, type RecordRow, type StepDetail } from "@agentflow/core";
import { eventsIn, type Place, rowsOf } from "./recorded-rows.ts";

/** What must be the same bytes whatever its schedule and however often its process died: state, committed outcomes, canonical log. */
export interface RunPicture {
  readonly status: string;
  readonly state: string;
  readonly steps: readonly string[];
  readonly attempts: readonly string[];
  readonly seals: readonly string[];
  readonly log: string;
}

/** Reads the picture of a run that has ended from its store. */
export async function pictureOf(place: Place): Promise<RunPicture> {
  const { backend, tenant, runId } = place;
  const head = await backend.runs.readHead(tenant, runId);
  assert.ok(head, `there is a run ${runId}`);
  const records = await rowsOf(place);
  const last = records.at(-1);
  assert.ok(
    last?.kind === "mark" && last.row.state !== undefined,
    "a run ends with a mark that has its state",
  );
  return {
    status: head.status,
    state: `${last.row.state} ${last.row.refs ?? ""}`,
    steps: records.flatMap(stepText).sort(),
    attempts: records.flatMap(attemptText).sort(),
    seals: records.flatMap(sealText).sort(),
    log: canonicalLog(eventsIn(records, runId)),
  };
}

function stepText(record: RecordRow): string[] {
  if (record.kind !== "step") return [];
  const { scope, superstep, ordinal, node, item, origin, edge, attempt, delta, detail } = record.row;
  const { goto, refs, artifacts, inherited } = detail === undefined ? {} : (JSON.parse(detail) as StepDetail);
  const place = { scope, superstep, ordinal, node, item, origin, edge, attempt };
  return [canonicalJson({ ...place, delta, detail: JSON.stringify({ goto, refs, artifacts, inherited }) })];
}

function attemptText(record: RecordRow): string[] {
  if (record.kind !== "attempt") return [];
  const { attempt, outcome, round } = record.row;
  return [`${idOf(record.row)} attempt ${attempt} of round ${round} ${outcome}`];
}

/** Which of parallel steps carries the seal depends on which ended last; what it says must not. */
function sealText(record: RecordRow): string[] {
  if (record.kind !== "step" || record.row.seal === undefined) return [];
  return [`${record.row.scope}/${record.row.superstep} ${record.row.seal}`];
}

function idOf(row: { scope: string; superstep: number; node: string; item: number }): string {
  const { scope, superstep, node, item } = row;
  return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
}
