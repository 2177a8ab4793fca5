import { invariant, type Json, type Seal, ValidationError } from "@agentflow/core";
import type { ScopeExecution } from "../run/scope-execution.ts";
import { listItems } from "../schedule/next-frontier.ts";
import { type EncodedDelta, encodeDelta } from "../state/delta.ts";
import { type EncodedState, encodeState } from "../state/encode-state.ts";
import { ScopeState } from "../state/scope-state.ts";

/** Values that take the place of those of fields, each as nodes read it. */
export type StatePatch = Readonly<Record<string, unknown>>;

/** A patched state, and the seal that a scope goes on from with it. */
export interface PatchedState {
  readonly state: EncodedState;
  readonly seal: Seal;
}

/**
 * Puts values into the state of a scope that stands behind a seal (S23). The nodes that the seal has chosen stay; fan-outs
 * among them list their items again. Rejects with ValidationError for a field that the state does not have, a value that
 * it does not accept, and a fan-out that is left without items.
 */
export async function patchState(scope: ScopeExecution, patch: StatePatch): Promise<PatchedState> {
  const { workflow } = scope;
  const { values } = encodePatch(scope, patch);
  await checkSchemas(scope, patch, Object.keys(values));
  const state = new ScopeState(workflow, { ...scope.state.toJson(), ...values });
  const sealed = scope.describeSeal();
  const artifacts = scope.artifacts.size === 0 ? {} : { artifacts: Object.fromEntries(scope.artifacts) };
  const definition = scope.definition === undefined ? {} : { definition: scope.definition };
  const frontier = sealed.frontier.map((entry) => {
    if (entry.items === undefined) return entry;
    const node = workflow.nodes.get(entry.node);
    invariant(node !== undefined, `the frontier has a node ${entry.node}`);
    const { items, hash } = listItems(node, state.view);
    if (items.length === 0) throw leftEmpty(entry.node);
    return { ...entry, items: items.length, itemsHash: hash };
  });
  return { state: encodeState(state), seal: { ...sealed, frontier, ...artifacts, ...definition } };
}

function encodePatch({ workflow }: ScopeExecution, patch: StatePatch): EncodedDelta {
  try {
    return encodeDelta(patch, workflow, "The patch");
  } catch (cause) {
    if (!(cause instanceof ValidationError)) throw cause;
    const { message, hint, context } = cause;
    const said = message.replace("The patch returned", "The patch has");
    throw new ValidationError("AF_INPUT_INVALID", said, { cause, hint, context });
  }
}

async function checkSchemas(
  { workflow }: ScopeExecution,
  patch: StatePatch,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const checked = await workflow.fieldByName.get(name)?.schema?.["~standard"].validate(patch[name]);
    const [issue] = checked?.issues ?? [];
    if (issue === undefined) continue;
    throw new ValidationError("AF_INPUT_INVALID", `The patch is not valid: ${name}: ${issue.message}.`, {
      context: { field: name, found: (patch[name] ?? null) as Json },
    });
  }
}

function leftEmpty(node: string): ValidationError {
  return new ValidationError(
    "AF_INPUT_INVALID",
    `The patch leaves "${node}", which is next, without items.`,
    {
      hint: "Fork before the step that leads to it, so that what follows is decided again.",
      context: { node },
    },
  );
}
