import { canonicalJson } from "../encoding/canonical-json.ts";
import { sha256Hex } from "../encoding/sha256.ts";
import { ValidationError } from "../errors/validation-error.ts";
import { sfc32, toUnit53 } from "./sfc32.ts";

/** Random values that depend on nothing but the run's seed, the step and how many were drawn before (S8). */
export interface SeededRandom {
  /** A number in [0, 1) with 53 random bits. */
  next(): number;
  /** An integer from `min` to `max`, both included, each equally likely. Throws ValidationError for an empty range. */
  integer(min: number, max: number): number;
  /** One member of `list`, each equally likely. Throws ValidationError for an empty list. */
  pick<T>(list: readonly T[]): T;
  /** A copy of `list` in random order (Fisher-Yates), each order equally likely. */
  shuffle<T>(list: readonly T[]): T[];
  /** A version 4 UUID (RFC 9562). Its bits come from a stream of their own, so it does not shift the numbers. */
  uuid(): string;
}

const twoTo53 = 2 ** 53;

/**
 * The random stream of one step: sfc32 (Doty-Humphrey, PractRand) seeded with SHA-256 over seed and step id. Nothing is
 * computed before the first draw.
 */
export function seededRandom(seed: string, stepId: string): SeededRandom {
  let draw: (() => number) | undefined;
  let uuidsDrawn = 0;
  const next = (): number => {
    draw ??= toUnit53(sfc32(digest([seed, stepId, "rng"])));
    return draw();
  };
  const integer = (min: number, max: number): number => {
    const size = max - min + 1;
    checkRange(min, max, size);
    // Draws past the last whole multiple of `size` would favour the low values.
    const limit = twoTo53 - (twoTo53 % size);
    let bits = next() * twoTo53;
    while (bits >= limit) bits = next() * twoTo53;
    return min + (bits % size);
  };
  return {
    next,
    integer,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw outOfRange("pick needs a list with at least one member", { length: 0 });
      return list[integer(0, list.length - 1)] as T;
    },
    shuffle<T>(list: readonly T[]): T[] {
      const shuffled = [...list];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
      }
      return shuffled;
    },
    uuid: () => uuidOf(digest([seed, stepId, "uuid", uuidsDrawn++])),
  };
}

/**
 * The number in [0, 1) that the engine uses for the delay before the attempt after `attempt`. It is no part of the
 * step's own stream, and needs no state, so a taken-over run computes the same delay.
 */
export function jitterOf(seed: string, stepId: string, attempt: number): number {
  return toUnit53(sfc32(digest([seed, stepId, "jitter", attempt])))();
}

function digest(parts: readonly (string | number)[]): string {
  return sha256Hex(canonicalJson(parts));
}

function uuidOf(hex: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)];
  return `${a}-${b}-4${c}-${variant}${d}-${hex.slice(20, 32)}`;
}

function checkRange(min: number, max: number, size: number): void {
  if (Number.isSafeInteger(min) && Number.isSafeInteger(max) && size >= 1 && size <= twoTo53) return;
  throw outOfRange(`integer(${min}, ${max}) is no range of safe integers`, {
    min: String(min),
    max: String(max),
  });
}

function outOfRange(message: string, context: Record<string, string | number>): ValidationError {
  return new ValidationError("AF_ARGUMENT_INVALID", `${message}.`, { context });
}
