import { flow } from "agentflow";

/** Books a trip. When a later booking fails, the earlier ones are cancelled, the last one first. */
export const trip = flow("trip", { version: "1" }, async (city: string, ctx) => {
  const flight = await ctx.step(
    "flight",
    city,
    (to, step) => step.io("book", { what: "flight", to }, call, { effect: true }),
    { compensate: (id, step) => step.io("cancel", id, call, { effect: true }) },
  );
  const hotel = await ctx.step(
    "hotel",
    city,
    (to, step) => step.io("book", { what: "hotel", to }, call, { effect: true }),
    { compensate: (id, step) => step.io("cancel", id, call, { effect: true }) },
  );
  return [flight, hotel, await ctx.step("guide", city, findGuide)];
});

async function call(): Promise<string> {
  throw new Error("This example books nothing.");
}

async function findGuide(city: string): Promise<string> {
  throw new Error(`Nobody knows ${city}.`);
}
