/** A day of dim_time, and how much is sold on it compared with others. */
export interface CalendarDay {
  readonly time_key: number;
  readonly date: string;
  readonly year: number;
  readonly quarter: number;
  readonly month: number;
  readonly day: number;
  readonly is_weekend: boolean;
  readonly is_holiday: boolean;
}

/** The years that --rows is about, and that dim_time always has. */
export const baseYears = { first: 2021, last: 2023 } as const;

// By month from January, by weekday from Sunday, in percent of an ordinary one.
const seasons = [82, 78, 92, 95, 99, 101, 97, 94, 97, 103, 128, 158] as const;
const weekdays = [108, 90, 88, 92, 98, 118, 136] as const;
const holidayPercent = 70;
const growthPercent = 9;
const holidays = new Set(["01-01", "05-01", "12-25", "12-26"]);
const dayMs = 86_400_000;

/** The days from the first of January of one year to the last of December of another. */
export function calendarDays(firstYear: number, lastYear: number): CalendarDay[] {
  const days: CalendarDay[] = [];
  for (let at = Date.UTC(firstYear, 0, 1); at < Date.UTC(lastYear + 1, 0, 1); at += dayMs) {
    const date = new Date(at).toISOString().slice(0, 10);
    const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
    const weekday = new Date(at).getUTCDay();
    days.push({
      time_key: year * 10_000 + month * 100 + day,
      date,
      year,
      quarter: Math.ceil(month / 3),
      month,
      day,
      is_weekend: weekday === 0 || weekday === 6,
      is_holiday: holidays.has(date.slice(5)),
    });
  }
  return days;
}

/** How much is sold on a day, as a whole number: season, weekday, holidays, and growth from year to year. */
export function weightOf(day: CalendarDay): number {
  const season = seasons[day.month - 1] ?? 100;
  const weekday = weekdays[new Date(`${day.date}T00:00:00Z`).getUTCDay()] ?? 100;
  const growth = 100 + (day.year - baseYears.first) * growthPercent;
  return season * weekday * (day.is_holiday ? holidayPercent : 100) * growth;
}
