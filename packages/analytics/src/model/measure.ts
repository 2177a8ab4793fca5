/** How a measure is computed; `column` names table and column: "sales_fact.revenue". */
export type Measure<Ref extends string = string> =
  | { readonly kind: "sum" | "min" | "max" | "distinct"; readonly column: Ref }
  | { readonly kind: "count"; readonly table: string }
  | { readonly kind: "ratio"; readonly column: Ref; readonly per: Ref };

/**
 * Whether the measure of a whole follows from the measures of its parts. What is additive is added up, what is
 * decomposable follows from parts that are kept beside it (a ratio from its two sums, an extreme from extremes), and
 * distinct values have to be kept until the end.
 */
export type Additivity = "additive" | "decomposable" | "distinct";

/** Says how partial results of a measure are combined. */
export function additivityOf(measure: Measure): Additivity {
  switch (measure.kind) {
    case "sum":
    case "count":
      return "additive";
    case "min":
    case "max":
    case "ratio":
      return "decomposable";
    case "distinct":
      return "distinct";
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

/** How many different values a column has. Exact, and therefore the costliest measure. */
export function distinct<const Ref extends string>(column: Ref): Measure<Ref> {
  return { kind: "distinct", column };
}

/** The number of rows of a fact table. */
export function count(table: string): Measure<never> {
  return { kind: "count", table };
}

/** The total of one column per total of another: the margin is profit per revenue. Nothing where `per` is 0. */
export function ratio<const Ref extends string>(column: Ref, per: Ref): Measure<Ref> {
  return { kind: "ratio", column, per };
}
