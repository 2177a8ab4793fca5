import { quoteName } from "../execute/sql-text.ts";
import { type ColumnKind, sqlTypeOf } from "../model/column.ts";
import { columnAt, splitReference } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { Measure } from "../model/measure.ts";

/** How parts of a column are brought together. */
export type Merge = "sum" | "min" | "max";

/** A column of a file's part of an answer, as SQL over the fact table. */
export interface PartialColumn {
  readonly name: string;
  /** The column of the fact table that it comes from; none if it counts rows. */
  readonly column?: string;
  /** For a single row. */
  readonly row: string;
  /** For all rows of a group; the same as for a row, if the column is grouped by. */
  readonly total: string;
  /** The column of a rollup that holds it, its type, and how rows of it are brought together; none if no rollup can. */
  readonly kept?: { readonly name: string; readonly merge: Merge; readonly type: string };
}

/** What is computed for each file, and how the whole follows from it. */
export interface PartialAggregate {
  readonly partials: readonly PartialColumn[];
  /** The measure, as SQL over the parts; it makes no difference whether these are rows or totals. */
  readonly merged: string;
  /** The column of the parts that holds the day, if only what is of the last day of a group counts. */
  readonly day?: string;
}

/** The column that a query over the parts needs beside them, where a measure is of the last day of its group. */
export const lastOf = (day: string): string => `${day}_last`;

const factColumn = (reference: string): string => `fact.${quoteName(splitReference(reference)[1])}`;

// DuckDB adds up whole numbers as HUGEINT, which is no type of Parquet.
const sumTypes: Readonly<Record<ColumnKind, string>> = {
  integer: "BIGINT",
  long: "DECIMAL(38,0)",
  money: "DECIMAL(38,2)",
  amount: "DECIMAL(38,9)",
  real: "DOUBLE",
  text: "VARCHAR",
  date: "DATE",
  flag: "BOOLEAN",
};

interface Total {
  readonly model: DatasetModel;
  readonly merge: Merge;
  readonly reference: string;
}

function totalOf(name: string, { model, merge, reference }: Total): PartialColumn {
  const row = factColumn(reference);
  const { column } = columnAt(model, reference);
  const type = merge === "sum" ? sumTypes[column.kind] : sqlTypeOf(column);
  // A name that no dimension can have, so that both can be columns of one file.
  const kept = { name: `${merge}(${splitReference(reference)[1]})`, merge, type };
  return { name, column: splitReference(reference)[1], row, total: `${merge}(${row})`, kept };
}

/** Splits a measure, so that each file is read once and only sums are brought together. */
export function partialAggregate(model: DatasetModel, measure: Measure, index: number): PartialAggregate {
  const [name, second] = [`m${index}`, `m${index}_per`];
  switch (measure.kind) {
    case "count": {
      const kept = { name: "count(*)", merge: "sum", type: "BIGINT" } as const;
      const partials = [{ name, row: "1", total: "count(*)", kept }];
      return { partials, merged: `coalesce(sum(${name}), 0)` };
    }
    case "sum":
    case "min":
    case "max":
      return {
        partials: [totalOf(name, { model, merge: measure.kind, reference: measure.column })],
        merged: `${measure.kind}(${name})`,
      };
    case "ratio":
      return {
        partials: [
          totalOf(name, { model, merge: "sum", reference: measure.column }),
          totalOf(second, { model, merge: "sum", reference: measure.per }),
        ],
        merged: `sum(${name})::DOUBLE / nullif(sum(${second}), 0)::DOUBLE`,
      };
    case "average": {
      const row = factColumn(measure.column);
      const column = splitReference(measure.column)[1];
      return {
        partials: [
          totalOf(name, { model, merge: "sum", reference: measure.column }),
          {
            name: second,
            column,
            row: `(${row} IS NOT NULL)::BIGINT`,
            total: `count(${row})`,
            kept: { name: `count(${column})`, merge: "sum", type: "BIGINT" },
          },
        ],
        merged: `sum(${name})::DOUBLE / nullif(sum(${second}), 0)::DOUBLE`,
      };
    }
    case "percentile": {
      const row = factColumn(measure.column);
      return {
        partials: [
          {
            name,
            column: splitReference(measure.column)[1],
            row: `[${row}::DOUBLE]`,
            total: `list(${row}::DOUBLE)`,
          },
        ],
        merged: `list_aggregate(flatten(list(${name})), 'quantile_cont', ${measure.percent / 100})`,
      };
    }
    case "distinct": {
      // The same value may occur in several files: each file gives its values, and the whole counts them.
      const row = factColumn(measure.column);
      const column = splitReference(measure.column)[1];
      return { partials: [{ name, column, row, total: row }], merged: `count(DISTINCT ${name})` };
    }
    case "closing":
      return closingAggregate(model, measure.column, index);
  }
}

// The last day of a group is known only when its parts are together: each part gives totals by day.
function closingAggregate(model: DatasetModel, reference: string, index: number): PartialAggregate {
  const [name, day] = [`m${index}`, `m${index}_day`];
  const date = dayOf(model, reference);
  const row = `fact.${quoteName(date)}`;
  const amount = factColumn(reference);
  const partials = [
    { name, column: splitReference(reference)[1], row: amount, total: `sum(${amount})` },
    { name: day, column: date, row, total: row },
  ];
  return { partials, merged: `sum(${name}) FILTER (WHERE ${day} = ${lastOf(day)})`, day };
}

// The declaration was checked: a fact with such a measure has a day.
function dayOf(model: DatasetModel, reference: string): string {
  return model.tables[splitReference(reference)[0]]?.day ?? "";
}
