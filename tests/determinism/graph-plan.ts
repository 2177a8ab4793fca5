import fc from "fast-check";

/** What a step does before it returns, in order. */
export type Action =
  | { readonly kind: "point" | "rng" | "uuid" | "now" }
  /** `together` calls at once; they fail while the attempt's number is not above `failures`. */
  | { readonly kind: "io"; readonly together: number; readonly failures: number }
  | { readonly kind: "sleep"; readonly ms: number };

export const writableFields = ["log", "chain", "total", "tags", "seen", "own", "low"] as const;

/** What a node's function does; a pure function of this, of the state and of `ctx`. */
export interface Work {
  readonly actions: readonly Action[];
  /** Attempts that fail before one succeeds, or before `recover` does. */
  readonly failures: number;
  readonly recovers: boolean;
  readonly io: "keep" | "fresh";
  readonly backoffMs: number;
  readonly writes: readonly (typeof writableFields)[number][];
}

/** A part of a graph with one way in and one way out. */
export type Block =
  | { readonly kind: "work"; readonly work: Work }
  | { readonly kind: "sequence"; readonly blocks: readonly Block[] }
  /** Branches of any length that meet in a join, or (`any`) in a node that each of them leads to. */
  | {
      readonly kind: "parallel";
      readonly branches: readonly Block[];
      readonly meet: "all" | "settled" | "any";
      /** The last branch is not taken while the state says so; only with "settled". */
      readonly absent: boolean;
      /** The node where they meet fans out over so many items. */
      readonly items: number | undefined;
    }
  | { readonly kind: "loop"; readonly body: Block; readonly times: number; readonly by: "route" | "goto" }
  | { readonly kind: "choice"; readonly branches: readonly Block[] }
  | {
      readonly kind: "map";
      readonly items: number;
      readonly concurrency: number | undefined;
      readonly body: Work | Block;
    }
  /** A nested workflow; `fails`: it always fails, and its node recovers. */
  | { readonly kind: "nested"; readonly child: Block; readonly fails: boolean };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Action>({ kind: "point" }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("io" as const),
      together: fc.integer({ min: 1, max: 3 }),
      failures: fc.integer({ min: 0, max: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Action>({ kind: "rng" }, { kind: "uuid" }, { kind: "now" }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("sleep" as const), ms: fc.integer({ min: 0, max: 50 }) }),
  },
);

const work: fc.Arbitrary<Work> = fc.record({
  actions: fc.array(action, { maxLength: 4 }),
  failures: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 2 }) },
  ),
  recovers: fc.boolean(),
  io: fc.constantFrom("keep" as const, "keep" as const, "fresh" as const),
  backoffMs: fc.constantFrom(0, 10, 25),
  writes: fc.uniqueArray(fc.constantFrom(...writableFields), { minLength: 1, maxLength: 4 }),
});

/** Blocks of at most `depth` more levels, nested workflows of at most `inside` more. */
function block(depth: number, inside: number): fc.Arbitrary<Block> {
  const leaf = work.map((given): Block => ({ kind: "work", work: given }));
  if (depth === 0) return leaf;
  const part = block(depth - 1, inside);
  const parts = (minLength: number): fc.Arbitrary<Block[]> => fc.array(part, { minLength, maxLength: 3 });
  const concurrency = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
  const choices: fc.Arbitrary<Block>[] = [
    leaf,
    fc.record({ kind: fc.constant("sequence" as const), blocks: parts(2) }),
    fc.record({
      kind: fc.constant("parallel" as const),
      branches: parts(2),
      meet: fc.constantFrom("all" as const, "all" as const, "settled" as const, "any" as const),
      absent: fc.boolean(),
      items: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined, freq: 2 }),
    }),
    fc.record({
      kind: fc.constant("loop" as const),
      body: part,
      times: fc.integer({ min: 1, max: 3 }),
      by: fc.constantFrom("route" as const, "goto" as const),
    }),
    fc.record({ kind: fc.constant("choice" as const), branches: parts(2) }),
    fc.record({
      kind: fc.constant("map" as const),
      items: fc.integer({ min: 0, max: 4 }),
      concurrency,
      body: work,
    }),
  ];
  if (inside > 0) {
    const child = block(depth - 1, inside - 1);
    choices.push(
      fc.record({
        kind: fc.constant("nested" as const),
        child,
        fails: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      }),
      fc.record({
        kind: fc.constant("map" as const),
        items: fc.integer({ min: 0, max: 3 }),
        concurrency,
        body: child,
      }),
    );
  }
  return fc.oneof(...choices);
}

/** How many steps a block takes, roughly and rather too many. */
function stepsOf(given: Block): number {
  switch (given.kind) {
    case "work":
      return 1;
    case "sequence":
      return sum(given.blocks);
    case "parallel":
      return 3 + sum(given.branches) * (given.meet === "any" ? 2 : 1);
    case "loop":
      return 1 + given.times * (2 + stepsOf(given.body));
    case "choice":
      return 2 + sum(given.branches);
    case "map":
      return given.items * ("actions" in given.body ? 1 : 2 + stepsOf(given.body));
    case "nested":
      return 2 + stepsOf(given.child);
  }
}

function sum(blocks: readonly Block[]): number {
  return blocks.reduce((total, part) => total + stepsOf(part), 0);
}

/** Random graphs of some ten to some hundred steps that use every feature of the graph model. */
export const graphPlan: fc.Arbitrary<Block> = fc
  .record({
    kind: fc.constant("sequence" as const),
    blocks: fc.array(block(3, 3), { minLength: 1, maxLength: 3 }),
  })
  .filter((plan) => stepsOf(plan) >= 4 && stepsOf(plan) <= 60);
