import { quoteName, quoteNames } from "../execute/sql-text.ts";
import type { WindowMeasure } from "./question.ts";

/** A window measure as SQL over the columns of the answer. `by` are all dimensions of the answer. */
export function windowSql(window: WindowMeasure, by: readonly string[]): string {
  const of = quoteName(window.of);
  switch (window.kind) {
    case "moving-average": {
      const others = by.filter((name) => !window.along.includes(name));
      const over = `${partition(others)}ORDER BY ${quoteNames(window.along)} ROWS BETWEEN ${window.size - 1} PRECEDING AND CURRENT ROW`;
      return `avg(${of}) OVER (${over})`;
    }
    case "growth": {
      const { before, isNext } = previous(window, by);
      return `CASE WHEN ${isNext} THEN (${of} - ${before})::DOUBLE / nullif(${before}, 0)::DOUBLE END`;
    }
    case "previous": {
      const { before, isNext } = previous(window, by);
      return `CASE WHEN ${isNext} THEN ${before} END`;
    }
    case "rank":
      return `rank() OVER (${partition(window.within)}ORDER BY ${of} DESC NULLS LAST)`;
    case "row-number": {
      const ties = by.filter((name) => !window.within.includes(name));
      const order = [`${of} DESC NULLS LAST`, ...ties.map(quoteName)].join(", ");
      return `row_number() OVER (${partition(window.within)}ORDER BY ${order})`;
    }
  }
}

// The value of the row before, and whether that row is the one right before: a gap has no value.
function previous(
  { of, along, step: size = 1 }: { readonly of: string; readonly along: string; readonly step?: number },
  by: readonly string[],
): { readonly before: string; readonly isNext: string } {
  const step = quoteName(along);
  const over = `(${partition(by.filter((name) => name !== along))}ORDER BY ${step})`;
  return {
    before: `lag(${quoteName(of)}) OVER ${over}`,
    isNext: `lag(${step}) OVER ${over} = ${step} - ${size}`,
  };
}

function partition(names: readonly string[]): string {
  return names.length === 0 ? "" : `PARTITION BY ${quoteNames(names)} `;
}
