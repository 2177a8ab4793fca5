import { ValidationError } from "@agentflow/core";

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A span of time: milliseconds, or a number with its unit, such as `"90s"` or `"30d"`. */
export type Duration = number | `${number}${keyof typeof unitsMs}`;

/** A duration in milliseconds. Throws ValidationError for what is no duration, or a negative one. */
export function milliseconds(duration: Duration): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(String(duration)) ?? [];
  const ms =
    typeof duration === "number"
      ? duration
      : Math.round(Number(amount) * unitsMs[unit as keyof typeof unitsMs]);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new ValidationError("AF_ARGUMENT_INVALID", `${JSON.stringify(duration)} is no duration.`, {
    hint: 'Give milliseconds, or a number with one of the units ms, s, m, h, d and w: "30d".',
    context: { duration: String(duration) },
  });
}
