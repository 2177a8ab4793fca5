import { append, sum, value, workflow } from "agentflow";

/** A line of an invoice. */
export type Line = { readonly name: string; readonly cents: number };

/** Where the prices come from; called once a run, whatever happens to the run. */
export type PriceList = (name: string) => Promise<number>;

/** Reads a price in cents, as a shop's database would give it. */
export const readPrice: PriceList = async (name) => 250 + name.length * 10;

/** Makes the workflow that adds up an invoice; `roundTo` is what a later version of its code may change. */
export function invoiceWorkflow(options: { readonly roundTo: number; readonly prices: PriceList }) {
  const { roundTo, prices } = options;
  return workflow("invoice", {
    version: "1",
    state: {
      names: value<readonly string[]>(),
      lines: append<Line>(),
      totalCents: sum(),
      issuedAt: value(0),
      text: value(""),
    },
  })
    .start("open", (_state, ctx) => ({ issuedAt: ctx.now() }))
    .map("price", { after: "open", over: (state) => state.names }, async (name, ctx) => {
      const cents = await ctx.io("price", name, prices);
      return { lines: [{ name, cents }], totalCents: cents };
    })
    .node("total", { after: "price" }, ({ totalCents, lines }) => ({
      text: `${lines.length} lines, ${Math.ceil(totalCents / roundTo) * roundTo} cents`,
    }))
    .end("total");
}

/** The workflow as it is in production. */
export const invoice = invoiceWorkflow({ roundTo: 1, prices: readPrice });
