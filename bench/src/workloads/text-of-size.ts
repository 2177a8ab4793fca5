const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Text of `sizeBytes` ASCII characters that differs for each `seed` and compresses badly (xorshift32, Marsaglia 2003). */
export function textOfSize(sizeBytes: number, seed: number): string {
  let word = (seed + 1) * 2_654_435_761;
  let text = "";
  for (let index = 0; index < sizeBytes; index++) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    text += alphabet[word & 63];
  }
  return text;
}
