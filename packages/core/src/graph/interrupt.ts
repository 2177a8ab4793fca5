import type { InterruptDeclaration } from "../context.ts";
import type { StandardSchema } from "../state/standard-schema.ts";

/** The schemas of what an interrupt asks and takes; either may be left out where the types are given instead. */
export interface InterruptSchemas<Ask, Answer> {
  readonly ask?: StandardSchema<unknown, Ask>;
  readonly answer?: StandardSchema<unknown, Answer>;
}

/**
 * Declares an interrupt, used as `await ctx.interrupt(approve, payload)` (ENG-40). Typed by schemas,
 * `interrupt("approve", { ask: Draft, answer: Decision })`, or by hand, `interrupt<Draft, Decision>("approve")`.
 */
export function interrupt<Ask = unknown, Answer = unknown>(
  name: string,
  schemas: InterruptSchemas<Ask, Answer> = {},
): InterruptDeclaration<Ask, Answer> {
  return Object.freeze({ kind: "interrupt", name, ...schemas });
}
