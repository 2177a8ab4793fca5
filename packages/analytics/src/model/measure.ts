/** How a measure is computed; `column` names table and column: "sales_fact.revenue". */
export type Measure<Ref extends string = string> =
  | { readonly kind: "sum" | "min" | "max" | "distinct" | "average" | "closing"; readonly column: Ref }
  | { readonly kind: "percentile"; readonly column: Ref; readonly percent: number }
  | { readonly kind: "count"; readonly table: string }
  | { readonly kind: "ratio"; readonly column: Ref; readonly per: Ref };

/**
 * Whether the measure of a whole follows from the measures of its parts. What is additive is added up, what is
 * decomposable follows from parts that are kept beside it (a ratio from its two sums, an extreme from extremes), what is
 * semi-additive is added up along every dimension but time, and distinct values have to be kept until the end. What is
 * holistic, such as a percentile, needs every value.
 */
export type Additivity = "additive" | "decomposable" | "semi-additive" | "distinct" | "holistic";

/** Says how partial results of a measure are combined. */
export function additivityOf(measure: Measure): Additivity {
  switch (measure.kind) {
    case "sum":
    case "count":
      return "additive";
    case "min":
    case "max":
    case "ratio":
    case "average":
      return "decomposable";
    case "closing":
      return "semi-additive";
    case "distinct":
      return "distinct";
    case "percentile":
      return "holistic";
  }
}

/** The total of a column. */
export function sum<const Ref extends string>(column: Ref): Measure<Ref> {
  return { kind: "sum", column };
}

/** The least value of a column. */
export function least<const Ref extends string>(column: Ref): Measure<Ref> {
  return { kind: "min", column };
}

/** The greatest value of a column. */
export function greatest<const Ref extends string>(column: Ref): Measure<Ref> {
  return { kind: "max", column };
}

/** The mean of a column, over the rows that have a value. */
export function average<const Ref extends string>(column: Ref): Measure<Ref> {
  return { kind: "average", column };
}

/** The value below which `percent` of a column's values are, between the two nearest ones where it is none of them. */
export function percentile<const Ref extends string>(column: Ref, percent: number): Measure<Ref> {
  return { kind: "percentile", column, percent };
}

/** How many different values a column has. Exact, and therefore the costliest measure. */
export function distinct<const Ref extends string>(column: Ref): Measure<Ref> {
  return { kind: "distinct", column };
}

/**
 * The total of a column on the last day that has rows, for each row of the answer: a balance or a stock, which is added
 * up over accounts and shelves but not over days.
 */
export function closing<const Ref extends string>(column: Ref): Measure<Ref> {
  return { kind: "closing", column };
}

/** The number of rows of a fact table. */
export function count(table: string): Measure<never> {
  return { kind: "count", table };
}

/** The total of one column per total of another: the margin is profit per revenue. Nothing where `per` is 0. */
export function ratio<const Ref extends string>(column: Ref, per: Ref): Measure<Ref> {
  return { kind: "ratio", column, per };
}
