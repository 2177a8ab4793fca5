import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ValidationError } from "../errors/validation-error.ts";
import { jitterOf, seededRandom } from "./random.ts";
import { sfc32, toUnit53 } from "./sfc32.ts";

const seed = 20_261_120;

test("the same seed and step give the same values in ten replays (S8, ENG-12)", () => {
  const draw = () => {
    const random = seededRandom("seed", "3.read[2]");
    return [
      random.next(),
      random.integer(1, 6),
      random.uuid(),
      random.pick(["a", "b"]),
      random.shuffle([1, 2, 3]),
    ];
  };
  const first = draw();
  for (let replay = 0; replay < 10; replay++) assert.deepEqual(draw(), first);
});

test("the values of a seed never change between versions", () => {
  const random = seededRandom("seed", "3.read[2]");
  assert.deepEqual(
    [random.next(), random.next(), random.uuid(), random.uuid()],
    [
      0.2989850221360193,
      0.7168191077101034,
      "c040f198-2cf7-4355-91d9-ee78649ec31b",
      "74d15daf-d7d0-45ee-944f-707cd27e11a1",
    ],
  );
  assert.equal(jitterOf("seed", "3.read[2]", 1), 0.7558256871075698);
});

test("another seed, another step, another stream: other values", () => {
  const values = [
    seededRandom("seed", "1.a").next(),
    seededRandom("seed", "1.b").next(),
    seededRandom("seed2", "1.a").next(),
    jitterOf("seed", "1.a", 1),
    jitterOf("seed", "1.a", 2),
  ];
  assert.equal(new Set(values).size, values.length);
});

test("a uuid more does not shift the numbers that follow it", () => {
  const [plain, mixed] = [seededRandom("seed", "1.a"), seededRandom("seed", "1.a")];
  mixed.uuid();
  assert.equal(mixed.next(), plain.next());
});

test("uuids are version 4 of RFC 9562 and distinct", () => {
  const random = seededRandom("seed", "1.a");
  const uuids = Array.from({ length: 1_000 }, () => random.uuid());
  for (const uuid of uuids)
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(uuids).size, uuids.length);
});

test("numbers lie in [0, 1) and fill it evenly", () => {
  const random = seededRandom("seed", "1.a");
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 100_000; draw++) {
    const value = random.next();
    assert.ok(value >= 0 && value < 1);
    counts[Math.floor(value * 10)] = (counts[Math.floor(value * 10)] ?? 0) + 1;
  }
  // 10,000 expected; five standard deviations (95) either side.
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 475, `${counts}`);
});

test("an integer lies in its range, whatever the range", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.string(), (a, b, runSeed) => {
      const [min, max] = a < b ? [a, b] : [b, a];
      fc.pre(max - min < 2 ** 53);
      const value = seededRandom(runSeed, "1.a").integer(min, max);
      assert.ok(Number.isSafeInteger(value) && value >= min && value <= max);
    }),
    { seed, numRuns: 500 },
  );
});

test("draws that would favour low integers are drawn again", () => {
  // Three quarters of 2^53: a quarter of all draws has to be repeated.
  const random = seededRandom("seed", "1.a");
  const size = 2 ** 53 * 0.75;
  let low = 0;
  for (let draw = 0; draw < 4_000; draw++) if (random.integer(0, size - 1) < size / 3) low += 1;
  assert.ok(Math.abs(low - 4_000 / 3) < 150, `${low}`);
});

test("a shuffle keeps the members and leaves the list alone", () => {
  const list = Object.freeze([1, 2, 3, 4, 5, 6, 7, 8]);
  const shuffled = seededRandom("seed", "1.a").shuffle(list);
  assert.notDeepEqual(shuffled, list);
  assert.deepEqual(shuffled.toSorted(), list);
  assert.deepEqual(seededRandom("seed", "1.a").shuffle([]), []);
});

test("every order of a list is equally likely", () => {
  const random = seededRandom("seed", "1.a");
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 6_000; draw++) {
    const order = random.shuffle(["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  // 1,000 expected; five standard deviations (29) either side.
  for (const count of counts.values()) assert.ok(Math.abs(count - 1_000) < 145, `${count}`);
});

test("an empty range and an empty list are refused", () => {
  const random = seededRandom("seed", "1.a");
  const refused = (error: unknown) =>
    error instanceof ValidationError && error.code === "AF_ARGUMENT_INVALID";
  assert.throws(() => random.integer(2, 1), refused);
  assert.throws(() => random.integer(0.5, 2), refused);
  assert.throws(() => random.integer(0, Number.POSITIVE_INFINITY), refused);
  assert.throws(() => random.integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), refused);
  assert.throws(() => random.pick([]), refused);
});

test("the generator fills all 32 bits and all 53", () => {
  const draw = sfc32("0123456789abcdef01234567");
  let ones = 0;
  for (let count = 0; count < 1_000; count++) ones |= draw();
  assert.equal(ones >>> 0, 0xffffffff);
  assert.equal(toUnit53(() => 0xffffffff)(), 1 - 2 ** -53);
});
