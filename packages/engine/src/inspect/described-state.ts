import {
  append,
  type Field,
  type Json,
  type JsonObject,
  max,
  merge,
  min,
  sum,
  union,
  value,
  type WorkflowDescription,
} from "@agentflow/core";

const fieldOf: Readonly<Record<string, Field>> = {
  value: value<unknown>() as unknown as Field,
  append: append<unknown>() as unknown as Field,
  sum: sum() as unknown as Field,
  min: min() as unknown as Field,
  max: max() as unknown as Field,
  union: union<unknown>() as unknown as Field,
  merge: merge<unknown>() as unknown as Field,
};

/**
 * The state of a scope as its rows and the stored definition tell it. A field with a custom reducer needs that reducer,
 * which is code: where `reducers` has none of the same id, the field keeps the value it had in the last stored state.
 */
export function describedState(
  description: WorkflowDescription | undefined,
  start: Readonly<Record<string, Json>>,
  deltas: readonly Readonly<Record<string, Json>>[],
  reducers: ReadonlyMap<string, Field> = new Map(),
): JsonObject {
  const state: Record<string, Json> = {};
  for (const [name, field] of Object.entries(description?.fields ?? {})) {
    if (field.initial !== undefined) state[name] = field.initial;
  }
  Object.assign(state, start);
  for (const delta of deltas) {
    for (const [name, change] of Object.entries(delta)) {
      const described = description?.fields[name];
      const own = reducers.get(name);
      const isOwn = own !== undefined && own.reducerId === described?.reducer;
      const field = isOwn ? own : fieldOf[described?.kind ?? "value"];
      if (field !== undefined) state[name] = field.reduce(state[name], change);
    }
  }
  return state;
}
