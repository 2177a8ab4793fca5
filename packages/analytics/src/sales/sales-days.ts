import { baseYears, type CalendarDay, weightOf } from "./calendar.ts";

/** Receipts come in blocks of this many lines, so that all lines of a receipt are of one day and in one file. */
export const blockLines = 16;

/** Receipts of one block. */
export const blockReceipts = 8;

/** A day and the lines that were sold on it, counted from the first line of the dataset. */
export interface SalesDay {
  readonly day: CalendarDay;
  readonly firstLine: number;
  /** The line after its last. */
  readonly endLine: number;
}

/**
 * Spreads lines over days by their weights. `rows` is what the base years have in total; days after them go on at the
 * same rate, so that a month that is appended later has the lines it would have had at once.
 */
export function salesDays(rows: number, days: readonly CalendarDay[]): SalesDay[] {
  const blocks = BigInt(Math.ceil(rows / blockLines));
  const base = days.filter(({ year }) => year <= baseYears.last);
  const total = base.reduce((sum, day) => sum + BigInt(weightOf(day)), 0n);
  const blockAt = (weight: bigint): number => Number((blocks * weight) / total);
  let reached = 0n;
  return days.map((day) => {
    const firstLine = blockAt(reached) * blockLines;
    reached += BigInt(weightOf(day));
    // The last block of the base years may be cut short; what comes after begins with a block of its own.
    const endLine = reached === total ? rows : blockAt(reached) * blockLines;
    return { day, firstLine, endLine };
  });
}

/** A folder of the fact table with the days whose lines it holds. */
export interface SalesPartition {
  readonly partition: Readonly<Record<string, number>>;
  readonly days: readonly SalesDay[];
  readonly firstLine: number;
  readonly endLine: number;
}

/** Groups days by their folders, in the order of the calendar. Folders without lines are left out. */
export function salesPartitions(
  days: readonly SalesDay[],
  columns: readonly PartitionColumn[],
): SalesPartition[] {
  const groups = new Map<string, SalesDay[]>();
  for (const each of days) {
    const key = columns.map((column) => each.day[column]).join("/");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined || first.firstLine >= last.endLine) return [];
    const partition = Object.fromEntries(columns.map((column) => [column, first.day[column]]));
    return [{ partition, days: group, firstLine: first.firstLine, endLine: last.endLine }];
  });
}

/** A column that sales can be partitioned by. */
export type PartitionColumn = "year" | "quarter" | "month" | "day";

/** These columns, from the widest; a dataset is partitioned by a beginning of the list. */
export const partitionColumns: readonly PartitionColumn[] = ["year", "quarter", "month", "day"];
