import { CapabilityError, type Durability, type StoreCapabilities } from "@agentflow/core";

/** Throws CapabilityError for a level that the store cannot keep, rather than promise it (S5). */
export function checkRunDurability(
  durability: Durability | undefined,
  { name, durability: levels }: StoreCapabilities,
): void {
  if (durability === undefined || levels.includes(durability)) return;
  throw new CapabilityError(`The ${name} store cannot keep a run at durability ${durability}.`, {
    hint: `It keeps ${levels.join(", ")}.`,
    context: { durability, levels: [...levels] },
  });
}
