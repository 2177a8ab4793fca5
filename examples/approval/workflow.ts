import { appendFile } from "node:fs/promises";
import { append, interrupt, value, workflow } from "agentflow";
import { type Verdict, verdict } from "./verdict.ts";

const twoDaysMs = 2 * 86_400_000;

const review = interrupt<{ readonly text: string }, Verdict>("review", { answer: verdict });

/** Drafts a notice, lets a person approve, edit or reject it within two days, and publishes what was approved. */
export const notice = workflow("notice", {
  version: "1",
  state: {
    topic: value<string>(),
    text: value(""),
    isOpen: value(true),
    isApproved: value(false),
    log: append<string>(),
  },
})
  .start("draft", async ({ topic }, ctx) => {
    const text = await ctx.io("draft", topic, async (about) => `The ${about} is closed on Monday.`);
    return { text, log: ["drafted"] };
  })
  .node("review", {}, async ({ text }, ctx) => {
    const said = await ctx.interrupt(review, { text }, { deadlineMs: twoDaysMs, default: false });
    if (typeof said === "object") return { text: said.edit, log: ["edited"] };
    return { isOpen: false, isApproved: said, log: [said ? "approved" : "dropped"] };
  })
  .node("publish", {}, async ({ text }, ctx) => {
    await ctx.io("publish", text, (line) => appendFile("published.txt", `${line}\n`), { effect: true });
    return { log: ["published"] };
  })
  .node("close", {}, () => ({ isOpen: false }))
  .route("draft", { to: ["review"] }, () => "review")
  .route("review", { to: ["review", "publish", "close"] }, ({ isOpen, isApproved }) => {
    if (isOpen) return "review";
    return isApproved ? "publish" : "close";
  })
  .end("publish", "close");
