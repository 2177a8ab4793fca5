import { saltOf, withRandomColumns } from "../generate/random.ts";

/** The salt under which a receipt finds its customer. */
export function customerSalt(seed: number): number {
  return saltOf(seed, "customer");
}

// Each choice takes a byte of the random bits: bounds out of 256.
const choice = (bits: string, values: readonly (readonly [below: number, value: string])[]): string => {
  const cases = values.map(([below, value]) => `WHEN ${bits} < ${below} THEN '${value}'`).join(" ");
  return `CASE ${cases} END`;
};

/** The customers, in the order of their keys, as SQL. */
export function customerQuery(customers: number, seed: number): string {
  const keys = `SELECT (range + 1)::INTEGER AS customer_key FROM range(${customers})`;
  const drawn = withRandomColumns(keys, [
    { name: "bits", place: "customer_key", salt: saltOf(seed, "customer traits") },
  ]);
  const segment = choice("(bits & 255)", [
    [154, "Consumer"],
    [218, "Small business"],
    [244, "Corporate"],
    [256, "Public sector"],
  ]);
  const channel = choice("((bits >> 8) & 255)", [
    [128, "Online"],
    [218, "Store"],
    [236, "Phone"],
    [256, "Partner"],
  ]);
  const tier = choice("((bits >> 16) & 255)", [
    [141, "Bronze"],
    [218, "Silver"],
    [249, "Gold"],
    [256, "Platinum"],
  ]);
  return `SELECT customer_key, 'C-' || lpad(customer_key::VARCHAR, 7, '0') AS customer_id,
    ${segment} AS segment, ${channel} AS channel, ${tier} AS ltv_tier FROM (${drawn})`;
}
