import { ValidationError } from "@agentflow/core";
import { Cron } from "croner";

/**
 * The first time after `after` that a cron pattern names in a time zone, both in wall-clock milliseconds; undefined if there
 * is none. A local time that a change of the clocks leaves out comes once, right after it, and one that comes twice is taken
 * once. Throws ValidationError.
 */
export function nextTick(cron: string, timeZone: string, after: number): number | undefined {
  try {
    return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(after))?.getTime();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ValidationError(
      "AF_ARGUMENT_INVALID",
      `${JSON.stringify(cron)} in ${JSON.stringify(timeZone)} is no schedule: ${reason}`,
      {
        hint: 'Give five fields, such as "0 9 * * 1-5", and a zone such as "Europe/Berlin".',
        context: { cron, timeZone },
      },
    );
  }
}
