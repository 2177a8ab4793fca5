import { value, workflow } from "agentflow";
import type { Story } from "../stage.ts";

/** A run with a durability, a seed and labels of its own. */
export const recorded = workflow("strict", {
  version: "1",
  state: { cents: value<number>(), booked: value(false) },
})
  .start("book", async ({ cents }, ctx) => ({
    booked: await ctx.io("book", cents, async (given) => given > 0),
  }))
  .end("book");

export const story: Story = async (stage) => {
  const options = { durability: "strict", labels: { customer: "Ada" } } as const;
  await (await stage.start(recorded, { cents: 1_250 }, options)).settled();
};
