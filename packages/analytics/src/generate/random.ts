/**
 * Chance by place: the same seed, place and purpose give the same number, in TypeScript and in SQL, on any number of
 * threads. The mixer is `lowbias32` of Chris Wellons' hash prospector (public domain): 32 bits in, 32 bits out, one to
 * one.
 */
const first = 0x7feb352d;
const second = 0x846ca68b;
const bits32 = 0xffffffff;

/** Mixes 32 bits. */
export function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), first) >>> 0;
  x = Math.imul(x ^ (x >>> 15), second) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

/** A number of 32 bits that stands for a purpose under a seed. */
export function saltOf(seed: number, purpose: string): number {
  let salt = mix(seed);
  for (const character of purpose) salt = mix(salt ^ (character.codePointAt(0) ?? 0));
  return salt;
}

/** 32 random bits for a place under a salt. */
export function randomAt(salt: number, place: number): number {
  return mix((place ^ salt) >>> 0);
}

/** A whole number from 0 up to, not including, `bound`. */
export function below(bound: number, bits: number): number {
  return Math.floor((bits * bound) / 0x1_0000_0000);
}

/** The items in an order that the salt decides. */
export function shuffled<Item>(items: readonly Item[], salt: number): Item[] {
  const keyed = items.map((item, place) => ({ item, place, key: randomAt(salt, place) }));
  return keyed.sort((a, b) => a.key - b.key || a.place - b.place).map(({ item }) => item);
}

/** A column of random bits that a query gets: `place` is SQL for the place, below 2^32. */
export interface RandomColumn {
  readonly name: string;
  readonly place: string;
  readonly salt: number;
}

/**
 * Wraps a query so that it has columns of 32 random bits beside its own. The stages of the mixer are queries in each
 * other, because one expression would repeat itself eight times.
 */
export function withRandomColumns(source: string, columns: readonly RandomColumn[]): string {
  const excluded = columns.map(({ name }) => name).join(", ");
  const stage = (from: string, expression: (column: RandomColumn) => string, isFirst = false): string => {
    const added = columns.map((column) => `${expression(column)} AS ${column.name}`).join(", ");
    return `SELECT ${isFirst ? "*" : `* EXCLUDE (${excluded})`}, ${added} FROM (${from})`;
  };
  const seeded = stage(source, ({ place, salt }) => `xor((${place})::UBIGINT, ${salt}::UBIGINT)`, true);
  const mixed = stage(
    seeded,
    ({ name }) => `((xor(${name}, ${name} >> 16) * ${first}::UBIGINT) & ${bits32}::UBIGINT)`,
  );
  const again = stage(
    mixed,
    ({ name }) => `((xor(${name}, ${name} >> 15) * ${second}::UBIGINT) & ${bits32}::UBIGINT)`,
  );
  return stage(again, ({ name }) => `xor(${name}, ${name} >> 16)`);
}
