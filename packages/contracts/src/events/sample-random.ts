/** Whole numbers and choices from a seed; `child` gives an independent source for a name. */
export interface SampleRandom {
  /** A whole number from 0 up to `below`, not included. */
  below(below: number): number;
  /** True once in `odds` times. */
  oneIn(odds: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
  child(name: string): SampleRandom;
}

/** Numbers for samples and tests, by the mulberry32 generator: the same seed, the same sequence. */
export function sampleRandom(seed: number): SampleRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    oneIn: (odds) => below(odds) === 0,
    pick: (values) => values[below(values.length)] ?? values[0],
    child: (name) => {
      let hash = seed ^ 0x811c9dc5;
      for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
      return sampleRandom(hash);
    },
  };
}
