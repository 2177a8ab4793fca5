/** What must and what must not compile of flows (ENG-53); the compiler is the judge, as for workflows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nested } from "../graph/nested.ts";
import { workflow } from "../graph/workflow.ts";
import type { StandardSchema } from "../state/standard-schema.ts";
import { value } from "../state/value.ts";
import { flow } from "./flow.ts";
import type { FlowContext } from "./flow-context.ts";
import type { FlowSpec, RunInputOf, RunResultOf } from "./flow-spec.ts";

interface Order {
  readonly item: string;
  readonly count: number;
}

const shop = flow("shop", { version: "1" }, async (order: Order, ctx) => {
  const price = await ctx.step("price", order, ({ count }) => count * 2);
  const names = await ctx.map("name", [1, 2], async (item) => `${item}`, { concurrency: 2 });
  return { price, names };
});

const graph = workflow("graph", { version: "1", state: { word: value<string>(), length: value(0) } })
  .start("count", ({ word }) => ({ length: word.length }))
  .end("count");

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const same = <A, B>(..._proof: Same<A, B> extends true ? [] : ["types differ"]): void => undefined;

test("input and result of a flow are inferred, and so are those of its calls", () => {
  same<RunInputOf<NonNullable<typeof shop.types>["spec"]>, Order>();
  same<RunResultOf<FlowSpec<Order, string>>, string>();
  flow("outer", { version: "1" }, async (_input: null, ctx) => {
    const bought = await ctx.run(shop, { item: "tea", count: 2 });
    same<typeof bought, { price: number; names: string[] }>();
    const { length } = await ctx.run(graph, { word: "tea" });
    same<typeof length, number>();
    return bought.price + length;
  });
  const schema = {} as StandardSchema<unknown, Order>;
  flow("checked", { version: "1", input: schema }, async (input) => input.item.length);
  nested(shop, { input: (word: string) => ({ item: word, count: 1 }), output: ({ price }) => ({ price }) });
  assert.equal(shop.name, "shop");
});

test("what does not fit a flow does not compile", () => {
  flow("wrong", { version: "1" }, async (_input: null, ctx) => {
    // @ts-expect-error the input of the nested flow lacks a member
    const calls = (): unknown => ctx.run(shop, { item: "tea" });
    // @ts-expect-error a step's function gets the step's input
    const typed = (): unknown => ctx.step("typed", 1, (word: string) => word);
    // @ts-expect-error what recovers gives what the step gives
    const recovers = (): unknown => ctx.step("r", 1, () => 1, { recover: () => "one" });
    return [calls, typed, recovers].length;
  });
  // @ts-expect-error the nested flow takes an order
  const given = (): unknown => nested(shop, { input: () => 1, output: () => ({}) });
  const body = async (input: Order, ctx: FlowContext): Promise<number> => ctx.step("s", input, () => 1);
  // @ts-expect-error the schema gives something else than the body takes
  const schema = flow("schema", { version: "1", input: {} as StandardSchema<unknown, string> }, body);
  assert.ok(given !== undefined && schema !== undefined);
});
