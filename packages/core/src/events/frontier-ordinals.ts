import { formatStepId } from "../identity/step-id.ts";
import type { Position, Seal } from "../record/rows.ts";

/** The steps that a seal makes ready, with their ordinals: an item of a fan-out each, in order. */
export function* frontierOrdinals(
  { scope, superstep }: Pick<Position, "scope" | "superstep">,
  seal: Seal,
): Generator<readonly [stepId: string, ordinal: number]> {
  let ordinal = 0;
  for (const { node, items } of seal.frontier) {
    for (let place = 0; place < (items ?? 1); place++) {
      const item = items === undefined ? undefined : place;
      yield [formatStepId({ scope, superstep: superstep + 1, node, item }), ordinal];
      ordinal += 1;
    }
  }
}
