import { date, flag, integer, money, real, text } from "../model/column.ts";
import { dataset } from "../model/dataset-model.ts";
import { count, distinct, ratio, sum } from "../model/measure.ts";
import { dimension, fact } from "../model/table.ts";

const time = dimension({
  key: "time_key",
  columns: {
    // The day as a number: 20211231.
    time_key: integer(),
    date: date(),
    year: integer({ min: 2021 }),
    quarter: integer({ min: 1, max: 4 }),
    month: integer({ min: 1, max: 12 }),
    day: integer({ min: 1, max: 31 }),
    is_weekend: flag(),
    is_holiday: flag(),
  },
  rules: { "the key is the day": "time_key = year * 10000 + month * 100 + day" },
});

const geography = dimension({
  key: "geo_key",
  columns: {
    geo_key: integer({ min: 1 }),
    region: text(),
    country: text(),
    state: text(),
    city: text(),
    lat: real({ min: -90, max: 90 }),
    lon: real({ min: -180, max: 180 }),
  },
});

const product = dimension({
  // A key per version: a product that changes its category or brand gets a new one.
  key: "product_key",
  columns: {
    product_key: integer({ min: 1 }),
    product_id: text(),
    name: text(),
    category: text(),
    subcategory: text(),
    brand: text(),
    effective_date: date(),
    expiration_date: date({ optional: true }),
    is_current: flag(),
  },
  versions: { of: "product_id", from: "effective_date", until: "expiration_date", current: "is_current" },
});

const customer = dimension({
  key: "customer_key",
  columns: {
    customer_key: integer({ min: 1 }),
    customer_id: text(),
    segment: text({ oneOf: ["Consumer", "Small business", "Corporate", "Public sector"] }),
    channel: text({ oneOf: ["Online", "Store", "Phone", "Partner"] }),
    ltv_tier: text({ oneOf: ["Bronze", "Silver", "Gold", "Platinum"] }),
  },
});

const payment = dimension({
  key: "payment_key",
  columns: {
    payment_key: integer({ min: 1 }),
    payment_type: text(),
    provider: text(),
    fee_percent: real({ min: 0, max: 10 }),
  },
});

const lineColumns = {
  transaction_id: integer({ min: 1 }),
  line_item_id: integer({ min: 1, max: 4 }),
  date: date(),
  time_key: integer(),
  geo_key: integer(),
  product_key: integer(),
  customer_key: integer(),
  payment_key: integer(),
  quantity: integer({ min: 1, max: 10 }),
  unit_price: money({ min: 0.01 }),
  revenue: money({ min: 0 }),
  cost: money({ min: 0 }),
  discount_amount: money({ min: 0 }),
  profit: money(),
};

/**
 * The `sales` dataset (OLP-1): what a retailer sold, one row per line of a receipt. It is synthetic; `af analytics
 * generate` makes it.
 */
export const sales = dataset("sales", {
  tables: {
    dim_time: time,
    dim_geography: geography,
    dim_product: product,
    dim_customer: customer,
    dim_payment: payment,
    sales_fact: fact({
      columns: lineColumns,
      key: ["transaction_id", "line_item_id"],
      joins: {
        time_key: "dim_time",
        geo_key: "dim_geography",
        product_key: "dim_product",
        customer_key: "dim_customer",
        payment_key: "dim_payment",
      },
      day: "date",
      partitions: { table: "dim_time", columns: ["year", "quarter", "month"] },
      order: ["date", "transaction_id", "line_item_id"],
      rules: {
        "revenue is quantity times price, less the discount":
          "revenue = quantity * unit_price - discount_amount",
        "profit is revenue less cost": "profit = revenue - cost",
      },
    }),
  },
  dimensions: {
    year: "dim_time.year",
    quarter: "dim_time.quarter",
    month: "dim_time.month",
    day: "dim_time.day",
    date: "sales_fact.date",
    weekend: "dim_time.is_weekend",
    holiday: "dim_time.is_holiday",
    region: "dim_geography.region",
    country: "dim_geography.country",
    state: "dim_geography.state",
    city: "dim_geography.city",
    category: "dim_product.category",
    subcategory: "dim_product.subcategory",
    brand: "dim_product.brand",
    product: "dim_product.product_id",
    product_name: "dim_product.name",
    segment: "dim_customer.segment",
    channel: "dim_customer.channel",
    ltv_tier: "dim_customer.ltv_tier",
    payment_type: "dim_payment.payment_type",
    provider: "dim_payment.provider",
  },
  measures: {
    revenue: sum("sales_fact.revenue"),
    cost: sum("sales_fact.cost"),
    profit: sum("sales_fact.profit"),
    discount: sum("sales_fact.discount_amount"),
    units: sum("sales_fact.quantity"),
    lines: count("sales_fact"),
    customers: distinct("sales_fact.customer_key"),
    margin: ratio("sales_fact.profit", "sales_fact.revenue"),
    average_price: ratio("sales_fact.revenue", "sales_fact.quantity"),
  },
  hierarchies: {
    calendar: ["year", "quarter", "month", "day"],
    geography: ["region", "country", "state", "city"],
    product: ["category", "subcategory", "product_name"],
  },
  rollups: {
    months: {
      of: "sales_fact",
      by: ["year", "quarter", "month", "region", "country", "category", "subcategory"],
    },
    quarterly_products: {
      of: "sales_fact",
      by: ["year", "quarter", "category", "product", "product_name"],
    },
  },
});
