import type { Engine, Schedule } from "agentflow";
import { timeZone } from "./calendar.ts";
import { digest } from "./workflow.ts";

/** The schedule of the digest, which is made if it is not there: at seven each morning, and later if nobody served then. */
export async function everyMorning(
  engine: Engine,
  input: { folder: string; outbox: string },
): Promise<Schedule> {
  const known = (await engine.schedules.list()).find(({ name }) => name === "morning");
  if (known !== undefined) return known;
  return engine.schedules.create("morning", {
    workflow: digest,
    cron: "0 7 * * *",
    timeZone,
    input,
    missed: "latest",
    overlap: "skip",
  });
}
