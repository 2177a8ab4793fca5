import { createHash } from "node:crypto";
import { termsOf } from "./terms.ts";

const dimensions = 256;

/**
 * A vector of length 1 for a text: each term adds to one of 256 places, with a sign, both of which its hash decides
 * (feature hashing, Weinberger et al., 2009). Texts that share terms are near each other; synonyms are not.
 */
export function embedText(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const term of termsOf(text)) {
    const hash = createHash("sha256").update(term).digest();
    const place = hash.readUInt16BE(0) % dimensions;
    vector[place] = (vector[place] ?? 0) + ((hash[2] ?? 0) % 2 === 0 ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
