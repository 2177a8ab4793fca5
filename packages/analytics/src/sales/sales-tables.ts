import type { DuckConnection } from "../execute/duck-database.ts";
import { tableFromRows } from "../execute/table-from-rows.ts";
import { weightedSlots } from "../generate/weighted-slots.ts";
import { integer } from "../model/column.ts";
import { baseYears, type CalendarDay, calendarDays } from "./calendar.ts";
import { customerQuery } from "./customer-query.ts";
import { geographyRows, townWeights } from "./geography.ts";
import { lineSlots } from "./line-query.ts";
import { paymentRows, paymentWeights } from "./payments.ts";
import { products, soldPlaces } from "./products.ts";
import { sales } from "./sales-model.ts";

const townSlots = 65_536;
const paymentSlots = 256;

/** Makes the tables that the lines of sales are drawn from, and the small dimension tables. */
export async function prepareSales(
  connection: DuckConnection,
  { seed, days }: { readonly seed: number; readonly days: readonly CalendarDay[] },
): Promise<void> {
  const base = calendarDays(baseYears.first, baseYears.last);
  const { rows, sold } = products(seed, base);
  const towns = geographyRows(seed);
  const { dim_time, dim_geography, dim_product, dim_payment } = sales.tables;
  await tableFromRows(connection, "dim_time", dim_time.columns, days);
  await tableFromRows(connection, "dim_geography", dim_geography.columns, towns);
  await tableFromRows(connection, "dim_product", dim_product.columns, rows);
  await tableFromRows(connection, "dim_payment", dim_payment.columns, paymentRows());
  await slotTable(
    connection,
    "town_place",
    ["geo_key"],
    weightedSlots(townWeights(towns.length, seed), townSlots).map((index) => [index + 1]),
  );
  await slotTable(
    connection,
    "payment_place",
    ["payment_key"],
    weightedSlots(paymentWeights(), paymentSlots).map((index) => [index + 1]),
  );
  await slotTable(
    connection,
    "product_place",
    ["first_key", "second", "third", "price_cents", "cost_permille"],
    soldPlaces(seed, sold).map((each) => [
      each.firstKey,
      each.second,
      each.third,
      each.priceCents,
      each.costPermille,
    ]),
  );
  await tableFromRows(
    connection,
    "line_slot",
    { slot: integer(), receipt: integer(), line: integer() },
    lineSlots(),
  );
}

async function slotTable(
  connection: DuckConnection,
  name: string,
  columns: readonly string[],
  rows: readonly (readonly number[])[],
): Promise<void> {
  const typed = Object.fromEntries(["slot", ...columns].map((column) => [column, integer()]));
  const named = rows.map((row, slot) => ({
    slot,
    ...Object.fromEntries(columns.map((column, at) => [column, row[at]])),
  }));
  await tableFromRows(connection, name, typed, named);
}

/** The rows of each dimension table, in the order of its key, as SQL. */
export function dimensionQueries(customers: number, seed: number): Readonly<Record<string, string>> {
  return {
    dim_time: "FROM dim_time ORDER BY time_key",
    dim_geography: "FROM dim_geography ORDER BY geo_key",
    dim_product: "FROM dim_product ORDER BY product_key",
    dim_customer: customerQuery(customers, seed),
    dim_payment: "FROM dim_payment ORDER BY payment_key",
  };
}
