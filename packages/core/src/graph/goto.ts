/** Marks gotos, also those of another copy of the package. */
export const gotoMark = Symbol.for("agentflow.goto");

/** What a step returns to say where the run goes next, instead of its node's edges (S16). */
export interface Goto<Target extends string = string, Delta extends object = object> {
  readonly [gotoMark]: true;
  readonly targets: readonly Target[];
  readonly delta: Delta;
}

/** Goes on at `target` (one or several of the targets that the node declares), with an optional delta (ENG-5). */
export function goto<const Target extends string>(
  target: Target | readonly Target[],
): Goto<Target, Record<never, never>>;
export function goto<const Target extends string, Delta extends object>(
  target: Target | readonly Target[],
  delta: Delta,
): Goto<Target, Delta>;
export function goto(target: string | readonly string[], delta: object = {}): Goto {
  const targets = Object.freeze(typeof target === "string" ? [target] : [...target]);
  return Object.freeze({ [gotoMark]: true, targets, delta } as const);
}

/** True for what `goto` returned, also from another copy of the package. */
export function isGoto(result: unknown): result is Goto {
  return typeof result === "object" && result !== null && (result as Partial<Goto>)[gotoMark] === true;
}
