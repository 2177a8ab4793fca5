import { append, interrupt, sum, value, workflow } from "agentflow";

const day = 86_400_000;

/** Asked when the price has risen since the last year. */
export const confirm = interrupt<{ readonly cents: number }, boolean>("confirm");

/** What a year costs now. */
async function readPrice(plan: string): Promise<number> {
  const response = await fetch(`https://prices.example/${plan}`);
  return (await response.json()) as number;
}

/** What a subscription does in a month: reminds, waits, asks if the price has risen, and charges. */
export const renewal = workflow("renewal", {
  version: "1",
  state: {
    customer: value<string>(),
    plan: value<string>(),
    paidCents: value<number>(),
    cents: value(0),
    receipts: append<string>(),
    failures: sum(),
  },
})
  .start("remind", async ({ customer, plan }, ctx) => {
    const cents = await ctx.io("price", plan, readPrice);
    await ctx.io("mail", { customer, cents }, sendMail, { effect: true });
    return { cents };
  })
  .node("wait", { after: "remind" }, (_state, ctx) => ctx.sleep("notice", 30 * day))
  .node("ask", { after: "wait" }, async ({ cents, paidCents }, ctx) => {
    if (cents > paidCents && !(await ctx.interrupt(confirm, { cents })))
      throw new Error("cancelled by the customer");
  })
  .node(
    "charge",
    { after: "ask" },
    async ({ customer, cents }, ctx) => ({
      receipts: [await ctx.io("charge", { customer, cents }, charge, { effect: true })],
    }),
    { retry: { attemptsMax: 3, backoffMs: day }, recover: () => ({ failures: 1 }) },
  )
  .end("charge");

async function sendMail(): Promise<null> {
  throw new Error("This example has no mail server.");
}

async function charge(): Promise<string> {
  throw new Error("This example has no bank.");
}
