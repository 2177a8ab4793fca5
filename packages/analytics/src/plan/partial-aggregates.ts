import { quoteName } from "../execute/sql-text.ts";
import { splitReference } from "../model/column-reference.ts";
import type { Measure } from "../model/measure.ts";

/** A column of a file's part of an answer, as SQL over the fact table. */
export interface PartialColumn {
  readonly name: string;
  /** For a single row. */
  readonly row: string;
  /** For all rows of a group; the same as for a row, if the column is grouped by. */
  readonly total: string;
}

/** What is computed for each file, and how the whole follows from it. */
export interface PartialAggregate {
  readonly partials: readonly PartialColumn[];
  /** The measure, as SQL over the parts; it makes no difference whether these are rows or totals. */
  readonly merged: string;
}

const factColumn = (reference: string): string => `fact.${quoteName(splitReference(reference)[1])}`;

function totalOf(name: string, aggregate: "sum" | "min" | "max", reference: string): PartialColumn {
  const row = factColumn(reference);
  return { name, row, total: `${aggregate}(${row})` };
}

/** Splits a measure, so that each file is read once and only sums are brought together. */
export function partialAggregate(measure: Measure, index: number): PartialAggregate {
  const [name, second] = [`m${index}`, `m${index}_per`];
  switch (measure.kind) {
    case "count":
      return { partials: [{ name, row: "1", total: "count(*)" }], merged: `coalesce(sum(${name}), 0)` };
    case "sum":
    case "min":
    case "max":
      return {
        partials: [totalOf(name, measure.kind, measure.column)],
        merged: `${measure.kind}(${name})`,
      };
    case "ratio":
      return {
        partials: [totalOf(name, "sum", measure.column), totalOf(second, "sum", measure.per)],
        merged: `sum(${name})::DOUBLE / nullif(sum(${second}), 0)::DOUBLE`,
      };
    case "average": {
      const row = factColumn(measure.column);
      return {
        partials: [
          totalOf(name, "sum", measure.column),
          { name: second, row: `(${row} IS NOT NULL)::BIGINT`, total: `count(${row})` },
        ],
        merged: `sum(${name})::DOUBLE / nullif(sum(${second}), 0)::DOUBLE`,
      };
    }
    case "percentile": {
      const row = factColumn(measure.column);
      return {
        partials: [{ name, row: `[${row}::DOUBLE]`, total: `list(${row}::DOUBLE)` }],
        merged: `list_aggregate(flatten(list(${name})), 'quantile_cont', ${measure.percent / 100})`,
      };
    }
    case "distinct": {
      // The same value may occur in several files: each file gives its values, and the whole counts them.
      const row = factColumn(measure.column);
      return { partials: [{ name, row, total: row }], merged: `count(DISTINCT ${name})` };
    }
  }
}
