/**
 * The generator sfc32 ("small fast counter", Chris Doty-Humphrey, PractRand, public domain): 128 bits of state, period
 * at least 2^32. `seedHex` gives the three words of state and is at least 24 hexadecimal digits; each call returns the
 * next unsigned 32-bit integer.
 */
export function sfc32(seedHex: string): () => number {
  let a = Number.parseInt(seedHex.slice(0, 8), 16) | 0;
  let b = Number.parseInt(seedHex.slice(8, 16), 16) | 0;
  let c = Number.parseInt(seedHex.slice(16, 24), 16) | 0;
  let counter = 1;
  const next = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result >>> 0;
  };
  // Twelve rounds mix the seed into all of the state.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** Joins two 32-bit draws to a number in [0, 1) with 53 random bits. */
export function toUnit53(draw: () => number): () => number {
  return () => {
    const high = draw() >>> 5;
    const low = draw() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
}
