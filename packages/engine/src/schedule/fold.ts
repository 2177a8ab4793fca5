import {
  type Conflict,
  ConflictError,
  type ConflictingWrite,
  type ConflictPolicy,
  encodeJson,
  type Field,
  type Json,
  type JsonObject,
  ValidationError,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { FoldResult, ScopeState } from "../state/scope-state.ts";
import type { StagedStep } from "./staged-step.ts";

/** What folding a superstep gave: new values per field, and how many conflicts were met. */
export interface Folded {
  readonly values: FoldResult;
  readonly conflicts: number;
}

/**
 * Folds the deltas of a superstep in ascending order key (S2, I2). Pure: neither state nor steps change. Throws
 * ConflictError when two steps wrote one field, or one key of a merge, and the policy is `fail` (S18).
 */
export function fold(workflow: CompiledWorkflow, state: ScopeState, steps: readonly StagedStep[]): Folded {
  const conflicts = steps.length > 1 ? findConflicts(workflow, state, steps) : [];
  if (conflicts.length > 0) refuseConflicts(workflow, conflicts);
  const values = new Map<string, Json>();
  for (const step of steps) {
    for (const name of Object.keys(step.values)) {
      const field = workflow.fieldByName.get(name) as Field;
      values.set(name, foldField(field, name, { values, state, delta: step.values[name] as Json }));
    }
  }
  applyHook(workflow.model.conflict, conflicts, values);
  for (const [name, value] of values) checkField(name, workflow.fieldByName.get(name) as Field, value);
  return { values, conflicts: conflicts.length };
}

function foldField(
  field: Field,
  name: string,
  at: { values: ReadonlyMap<string, Json>; state: ScopeState; delta: Json },
): Json {
  const earlier = at.values.get(name);
  if (field.kind === "append") {
    if (earlier === undefined) return at.delta;
    // Only what this superstep adds is gathered here; the list itself is never copied (S17).
    const gathered = earlier as Json[];
    const added = at.delta as readonly Json[];
    return Object.isFrozen(gathered) ? [...gathered, ...added] : pushAll(gathered, added);
  }
  return field.reduce(earlier === undefined ? at.state.get(name) : earlier, at.delta);
}

function pushAll(gathered: Json[], added: readonly Json[]): Json[] {
  for (const item of added) gathered.push(item);
  return gathered;
}

function checkField(name: string, field: Field, value: Json): void {
  if (field.schema === undefined || field.kind === "append") return;
  const checked = field.schema["~standard"].validate(field.decode(value));
  // A fold is repeated after a crash and must not wait for anything (S2).
  const problems =
    checked instanceof Promise
      ? ["its schema is asynchronous; use a synchronous one"]
      : (checked.issues ?? []).map((issue) => issue.message);
  if (problems.length === 0) return;
  throw new ValidationError(
    "AF_DELTA_INVALID",
    `The field "${name}" does not match its schema: ${problems.join("; ")}.`,
    {
      context: { field: name, problems },
    },
  );
}

interface Write {
  readonly step: StagedStep;
  readonly value: Json;
}

function findConflicts(
  workflow: CompiledWorkflow,
  state: ScopeState,
  steps: readonly StagedStep[],
): Conflict[] {
  const writes = new Map<string, { field: string; key: string | undefined; writes: Write[] }>();
  const add = (field: string, key: string | undefined, write: Write): void => {
    const slot = key === undefined ? field : `${field}\u0000${key}`;
    const known = writes.get(slot);
    if (known === undefined) writes.set(slot, { field, key, writes: [write] });
    else known.writes.push(write);
  };
  for (const step of steps) {
    for (const name of Object.keys(step.values)) {
      const value = step.values[name] as Json;
      const { conflicts } = workflow.fieldByName.get(name) as Field;
      if (conflicts === "field") add(name, undefined, { step, value });
      else if (conflicts === "key") {
        for (const [key, member] of Object.entries(value as JsonObject))
          add(name, key, { step, value: member });
      }
    }
  }
  const found: Conflict[] = [];
  for (const { field, key, writes: members } of writes.values()) {
    if (members.length < 2) continue;
    const whole = state.get(field);
    const before = key === undefined ? whole : (whole as JsonObject | undefined)?.[key];
    found.push({ field, ...(key === undefined ? {} : { key }), before, writes: members.map(describeWrite) });
  }
  return found;
}

function describeWrite({ step, value }: Write): ConflictingWrite {
  return { node: step.node, stepId: step.stepId, value };
}

function refuseConflicts(workflow: CompiledWorkflow, conflicts: readonly Conflict[]): void {
  if (workflow.model.conflict !== "fail") return;
  const [first] = conflicts as [Conflict];
  const target =
    first.key === undefined ? `the field "${first.field}"` : `the key "${first.key}" of "${first.field}"`;
  const writers = first.writes.map((write) => write.stepId);
  throw new ConflictError(`${writers.join(" and ")} wrote ${target} in one superstep.`, {
    context: {
      field: first.field,
      ...(first.key === undefined ? {} : { key: first.key }),
      nodes: [...new Set(first.writes.map((write) => write.node))],
      steps: writers,
      conflicts: conflicts.length,
    },
  });
}

function applyHook(policy: ConflictPolicy, conflicts: readonly Conflict[], values: Map<string, Json>): void {
  if (typeof policy === "string") return;
  for (const conflict of conflicts) {
    const merged = encodeJson(policy.merge(conflict), `merge of ${conflict.field}`).value;
    if (conflict.key === undefined) values.set(conflict.field, merged);
    else
      values.set(
        conflict.field,
        Object.freeze({ ...(values.get(conflict.field) as JsonObject), [conflict.key]: merged }),
      );
  }
}
