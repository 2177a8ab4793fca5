import type { Json, OpenInterrupt, RunStatus, StoreBackend } from "@agentflow/core";

/** Which approvals to list. */
export interface ApprovalQuery {
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  /** How many at most; 100 unless given. */
  readonly limit?: number | undefined;
  /** List what comes after this one, the last of the list before. */
  readonly after?: Pick<Approval, "askedAt" | "runId" | "id"> | undefined;
}

/** An interrupt that waits for somebody's answer (ENG-40). */
export interface Approval {
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** Interrupt id, to be answered with `engine.answer`. */
  readonly id: string;
  readonly stepId: string;
  readonly name: string;
  /** What is asked. */
  readonly payload: Json;
  /** Wall-clock milliseconds; undefined if it waits for ever. */
  readonly askedAt: number;
  readonly deadline: number | undefined;
}

/** The interrupts of all runs of a tenant that have no answer yet, the oldest first. */
export async function listApprovals(
  tenant: string,
  { workflow, runId, limit = 100, after }: ApprovalQuery,
  { waits, runs }: StoreBackend,
): Promise<readonly Approval[]> {
  const last = after && { at: after.askedAt, runId: after.runId, id: after.id };
  const open = await waits.listInterrupts({ tenant, workflow, runId, limit, after: last });
  const blobs = new Map<string, string>();
  for (const { runId: owner, ref, payload } of open) {
    if (!ref) continue;
    const found = await runs.readBlobs(tenant, owner, [payload]);
    for (const [hash, json] of found) blobs.set(hash, json);
  }
  return open.map((found) => approvalOf(found, blobs));
}

function approvalOf(open: OpenInterrupt, blobs: ReadonlyMap<string, string>): Approval {
  const { runId, workflow, status, id, name, payload, ref, at, deadline } = open;
  const json = ref ? (blobs.get(payload) ?? "null") : payload;
  // No step id has a `#`; the name of an interrupt may.
  const stepId = id.slice(0, id.indexOf("#"));
  return { runId, workflow, status, id, stepId, name, payload: JSON.parse(json), askedAt: at, deadline };
}
