/** One test of a dataset and what came of it. */
export interface DatasetCheck {
  /** What has to hold: "product_key of sales_fact is a key of dim_product". */
  readonly name: string;
  readonly table: string;
  readonly passed: boolean;
  /** What was found instead, with a file or an example; "" if it passed. */
  readonly detail: string;
}

/** What came of all tests of a dataset. */
export interface DatasetReport {
  readonly directory: string;
  readonly dataset: string;
  readonly passed: boolean;
  readonly checks: readonly DatasetCheck[];
}

/** A test that passed. */
export function passed(table: string, name: string): DatasetCheck {
  return { table, name, passed: true, detail: "" };
}

/** A test that failed, and why. */
export function failed(table: string, name: string, detail: string): DatasetCheck {
  return { table, name, passed: false, detail };
}
