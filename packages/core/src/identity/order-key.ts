import { sha256Hex } from "../encoding/sha256.ts";
import { invariant } from "../errors/invariant.ts";

/**
 * What the order key of a step is made of (S3). `ordinal` is the step's place in the frontier; `firstPredecessorId` is
 * the step id of the lowest predecessor, null for the entry; `edge` is the declared edge's number; `item` the index in
 * the item list.
 */
export interface OrderKeyParts {
  readonly scope: string;
  readonly superstep: number;
  readonly ordinal: number;
  readonly firstPredecessorId: string | null;
  readonly node: string;
  readonly edge: number | null;
  readonly item: number | null;
}

/**
 * The order key `hex8(n) || hex8(ordinal) || SHA-256(canonical([scope, firstPredecessorId, node, edge, item]))` (S3): 80
 * characters whose plain string order is dispatch and merge order within the scope.
 */
export function orderKey(parts: OrderKeyParts): string {
  const { scope, firstPredecessorId: first, node, edge, item } = parts;
  // Step ids and node names hold no character that JSON escapes, so this is the canonical text.
  const identity = `["${scope}",${first === null ? null : `"${first}"`},"${node}",${edge},${item}]`;
  return hex8(parts.superstep) + hex8(parts.ordinal) + sha256Hex(identity);
}

/**
 * Compares two steps by their order keys listed from the root scope down: negative if `a` comes first. A step comes
 * after the steps inside it, so a parent ends after its children (S3).
 */
export function compareOrderPath(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let depth = 0; depth < shared; depth++) {
    const left = a[depth] as string;
    const right = b[depth] as string;
    if (left !== right) return left < right ? -1 : 1;
  }
  return b.length - a.length;
}

function hex8(number: number): string {
  invariant(
    Number.isInteger(number) && number >= 0 && number <= 0xffffffff,
    `${number} has no 8 hexadecimal digits`,
  );
  return number.toString(16).padStart(8, "0");
}
