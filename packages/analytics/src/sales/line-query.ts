import { type RandomColumn, saltOf, withRandomColumns } from "../generate/random.ts";
import { customerSalt } from "./customer-query.ts";
import { blockLines, blockReceipts } from "./sales-days.ts";

/**
 * How the lines of a block are shared among its receipts: the number of lines of each, four patterns to choose from.
 * Each adds up to `blockLines` over `blockReceipts`.
 */
const patterns = [
  [1, 2, 1, 3, 1, 4, 1, 3],
  [2, 1, 4, 1, 2, 1, 3, 2],
  [1, 1, 3, 2, 4, 1, 2, 2],
  [3, 1, 1, 2, 1, 4, 1, 3],
] as const;

/** Where each line of a block belongs: the rows of the table `line_slot`. */
export function lineSlots(): { slot: number; receipt: number; line: number }[] {
  return patterns.flatMap((pattern, index) =>
    pattern
      .flatMap((lines, receipt) => Array.from({ length: lines }, (_, line) => ({ receipt, line: line + 1 })))
      .map((place, position) => ({ slot: index * blockLines + position, ...place })),
  );
}

// From 256 places: most lines are of one piece, few of more than five.
const quantity =
  "CASE WHEN q < 122 THEN 1 WHEN q < 184 THEN 2 WHEN q < 216 THEN 3 WHEN q < 234 THEN 4 WHEN q < 244 THEN 5 ELSE 6 + (q - 244) % 5 END";
// Seven lines in ten have no discount.
const discount =
  "CASE WHEN r < 179 THEN 0 WHEN r < 208 THEN 5 WHEN r < 232 THEN 10 WHEN r < 247 THEN 15 ELSE 20 END";

const amount = (cents: string): string => `CAST(${cents} * 0.01::DECIMAL(2,2) AS DECIMAL(9,2))`;

function random(seed: number, name: string, place: string): RandomColumn {
  return { name, place, salt: saltOf(seed, name) };
}

/**
 * The lines from one number to another, in their order, as SQL. It reads the tables `sales_day` (the days of these
 * lines by block), `line_slot`, `town_place`, `payment_place` and `product_place`. Whole cents are computed with, so
 * that no sum is off by one.
 */
export function lineQuery(
  { firstLine, endLine }: { readonly firstLine: number; readonly endLine: number },
  { seed, customers }: { readonly seed: number; readonly customers: number },
): string {
  const lines = `SELECT range AS n, (range // ${blockLines})::INTEGER AS block FROM range(${firstLine}, ${endLine})`;
  const blocks = withRandomColumns(lines, [random(seed, "pattern", "block")]);
  const receipts = `SELECT n, date, time_key, block * ${blockReceipts} + receipt + 1 AS receipt, line
    FROM (${blocks})
    JOIN line_slot ON slot = (pattern & 3)::INTEGER * ${blockLines} + (n % ${blockLines})::INTEGER
    JOIN sales_day USING (block)`;
  const drawn = withRandomColumns(receipts, [
    { name: "buyer", place: "receipt", salt: customerSalt(seed) },
    random(seed, "place", "receipt"),
    random(seed, "goods", "n"),
  ]);
  const chosen = `SELECT n, date, time_key, receipt, line, geo_key, payment_key,
      ((buyer * ${customers}) >> 32)::INTEGER + 1 AS customer_key,
      first_key + (time_key >= second)::INTEGER + (time_key >= third)::INTEGER AS product_key,
      price_cents * (100 + 4 * ((time_key >= second)::INTEGER + (time_key >= third)::INTEGER)) // 100 AS price,
      cost_permille, ((goods >> 8) & 255)::INTEGER AS q, (goods & 255)::INTEGER AS r
    FROM (${drawn})
    JOIN town_place ON town_place.slot = (place >> 16)::INTEGER
    JOIN payment_place ON payment_place.slot = (place & 255)::INTEGER
    JOIN product_place ON product_place.slot = (goods >> 16)::INTEGER`;
  const counted = `SELECT *, ${quantity} AS quantity, ${discount} AS percent FROM (${chosen})`;
  const gross = `SELECT *, quantity * price AS gross, quantity * (price * cost_permille // 1000) AS cost FROM (${counted})`;
  const net = `SELECT *, gross * percent // 100 AS less FROM (${gross})`;
  return `SELECT receipt AS transaction_id, line AS line_item_id, date, time_key, geo_key, product_key, customer_key,
      payment_key, quantity::INTEGER AS quantity, ${amount("price")} AS unit_price, ${amount("(gross - less)")} AS revenue,
      ${amount("cost")} AS cost, ${amount("less")} AS discount_amount, ${amount("(gross - less - cost)")} AS profit
    FROM (${net})`;
}
