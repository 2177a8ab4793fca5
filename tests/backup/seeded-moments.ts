import { createHash } from "node:crypto";
import type { TestContext } from "node:test";

/** Random moments of a time, in milliseconds; the seed is printed, and `AF_TEST_SEED` repeats it. */
export function seededMoments(context: TestContext, count: number, durationMs: number): readonly number[] {
  const seed = process.env["AF_TEST_SEED"] ?? String(Date.now());
  context.diagnostic(`AF_TEST_SEED=${seed}`);
  return Array.from({ length: count }, (_, nth) => {
    const random = createHash("sha256").update(`${seed} ${nth}`).digest().readUInt32BE(0) / 2 ** 32;
    return Math.floor(random * durationMs);
  });
}
