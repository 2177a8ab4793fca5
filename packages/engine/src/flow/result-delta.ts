/** What a step of a flow gave as the delta that is committed, once it is there. */
export function asDelta(result: unknown): unknown {
  return whenThere(result, (given) => ({ result: given }));
}

/** The inverse: what such a delta holds. */
export function ofDelta(delta: unknown): unknown {
  return whenThere(delta, (given) => (given as { readonly result: unknown }).result);
}

function whenThere(value: unknown, change: (value: unknown) => unknown): unknown {
  const isLater = typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
  return isLater ? (value as PromiseLike<unknown>).then(change) : change(value);
}
