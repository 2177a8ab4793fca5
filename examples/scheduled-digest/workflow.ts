import { value, workflow } from "agentflow";
import { dayBefore } from "./calendar.ts";
import { deliver, titlesOf } from "./notes.ts";

/** Reads the notes of the day before and sends their titles; a day without notes has no digest. */
export const digest = workflow("digest", {
  version: "1",
  state: {
    folder: value<string>(),
    outbox: value<string>(),
    day: value(""),
    titles: value<string[]>([]),
    sent: value(""),
  },
})
  .start("read", async ({ folder }, ctx) => {
    const day = dayBefore(ctx.now());
    return { day, titles: await ctx.io("titles", { folder, day }, titlesOf) };
  })
  .node(
    "send",
    { after: "read" },
    async ({ outbox, day, titles }, ctx) => {
      if (titles.length === 0) return {};
      const text = [`Notes of ${day}`, ...titles.map((title) => `- ${title}`), ""].join("\n");
      return { sent: await ctx.io("deliver", { outbox, day, text }, deliver, { effect: true }) };
    },
    { retry: { attemptsMax: 3 } },
  )
  .end("send");
