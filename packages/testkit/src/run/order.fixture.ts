// The workflow that the tests of the kit run: an order that is priced, approved, charged and shipped.
import { append, interrupt, type Json, sum, value, workflow } from "@agentflow/core";

/** What people decide about an order. */
export const approve = interrupt<{ readonly cents: number }, boolean>("approve");

const outside = (name: string) => (): Promise<Json> =>
  Promise.reject(new Error(`${name} was called for real`));

/** Prices each item, asks for approval above 10,000 cents, waits a month, charges, and ships on an event. */
export const order = workflow("order", {
  version: "1",
  state: {
    items: value<readonly string[]>(),
    prices: append<string>(),
    cents: sum(),
    receipt: value(""),
    parcel: value(""),
  },
})
  .start("check", ({ items }) => {
    if (items.length === 0) throw new Error("the order is empty");
  })
  .map("price", { after: "check", over: ({ items }) => items }, async (item, ctx) => {
    const cents = await ctx.io("price", { item }, outside("price") as () => Promise<number>);
    return { prices: [`${item} ${cents}`], cents };
  })
  .node("approve", { after: "price" }, async ({ cents }, ctx) => {
    if (cents > 10_000 && !(await ctx.interrupt(approve, { cents }))) throw new Error("refused");
  })
  .node(
    "charge",
    { after: "approve" },
    async ({ cents }, ctx) => {
      await ctx.sleep("due", 30 * 86_400_000);
      const receipt = await ctx.io("charge", { cents }, outside("charge") as () => Promise<string>, {
        effect: true,
      });
      return { receipt };
    },
    { retry: { attemptsMax: 3, backoffMs: 60_000, retryIf: () => true } },
  )
  .node("ship", { after: "charge" }, async ({ receipt }, ctx) => {
    const parcel = await ctx.waitFor<string>("packed");
    await ctx.io("mail", { receipt, parcel }, outside("mail"), { effect: true });
    return { parcel };
  })
  .end("ship");

/** What answers the order's calls. */
export const shop = {
  price: (input: { readonly item: string }) => input.item.length * 1_000,
  charge: "receipt 1",
  mail: null,
};

export const packed = [{ key: "packed", value: "parcel 1" }];
