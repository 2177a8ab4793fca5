/** The clock that the digest follows. */
export const timeZone = "Europe/Berlin";

const dayMs = 86_400_000;

/** The day before a moment, as 2026-03-29 by the digest's clock. */
export function dayBefore(moment: number): string {
  const today = dayOf(moment);
  // Noon is on the same day whatever the clocks did in the night.
  return new Date(Date.parse(`${today}T12:00Z`) - dayMs).toISOString().slice(0, 10);
}

/** The day of a moment, by the digest's clock. */
function dayOf(moment: number): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const part = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${part["year"]}-${part["month"]}-${part["day"]}`;
}
