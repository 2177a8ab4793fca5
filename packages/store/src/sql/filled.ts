const lengths = [1, 16, 256];

/**
 * A list filled up to one of a few lengths with its last value, for a condition such as `IN`: connections prepare a
 * statement for each length.
 */
export function filled<T>(values: readonly T[]): readonly T[] {
  const last = values.at(-1);
  const length = lengths.find((each) => each >= values.length) ?? values.length;
  return last === undefined ? values : [...values, ...new Array<T>(length - values.length).fill(last)];
}
