import { below, randomAt, saltOf, shuffled } from "../generate/random.ts";
import { weightedSlots } from "../generate/weighted-slots.ts";
import type { CalendarDay } from "./calendar.ts";
import { brands, qualities, type Subcategory, subcategories } from "./product-names.ts";

/** A row of dim_product: one version of a product. */
export interface ProductRow {
  readonly product_key: number;
  readonly product_id: string;
  readonly name: string;
  readonly category: string;
  readonly subcategory: string;
  readonly brand: string;
  readonly effective_date: string;
  readonly expiration_date: string | null;
  readonly is_current: boolean;
}

/** What the lines of sales need of a product. */
export interface SoldProduct {
  /** The key of its first version; those of the others follow. */
  readonly firstKey: number;
  /** The days, as time keys, on which its second and third version begin; `never` if they do not. */
  readonly second: number;
  readonly third: number;
  readonly priceCents: number;
  readonly costPermille: number;
}

/** How many products there are. */
const productCount = 8_000;

/** Of how many places each is sold from: enough that the least popular product has one. */
const productSlots = 65_536;

/** A time key that no day has. */
const never = 99_999_999;

function pick<Item>(items: readonly Item[], bits: number): Item {
  return items[below(items.length, bits)] as Item;
}

// 55 % have one version, 35 % two, 10 % three; a version begins on a day of the second or third part of the base years.
function changesOf(index: number, days: readonly CalendarDay[], seed: number): CalendarDay[] {
  const chance = below(100, randomAt(saltOf(seed, "versions"), index));
  const count = chance < 55 ? 0 : chance < 90 ? 1 : 2;
  const third = Math.floor(days.length / 3);
  return [1, 2].slice(0, count).map((part) => {
    const day = below(third, randomAt(saltOf(seed, `version ${part}`), index));
    return days[part * third + day] as CalendarDay;
  });
}

interface Named {
  readonly name: string;
  readonly brand: string;
  readonly kind: Subcategory;
}

function nameOf(index: number, seed: number): Named {
  const kind = subcategories[index % subcategories.length] as Subcategory;
  const brand = pick(brands, randomAt(saltOf(seed, "brand"), index));
  const quality = pick(qualities, randomAt(saltOf(seed, "quality"), index));
  const noun = pick(kind.nouns, randomAt(saltOf(seed, "noun"), index));
  return {
    kind,
    brand,
    name: `${brand} ${quality} ${noun} ${100 + Math.floor(index / subcategories.length)}`,
  };
}

// A product changes its subcategory first, within its category, and its brand after that.
function versionOf({ kind, brand, name }: Named, version: number, index: number, seed: number) {
  const siblings = subcategories.filter(
    ({ category, name: own }) => category === kind.category && own !== kind.name,
  );
  const moved = pick(siblings, randomAt(saltOf(seed, "move"), index));
  const sold = pick(
    brands.filter((each) => each !== brand),
    randomAt(saltOf(seed, "sale"), index),
  );
  return {
    name: version === 2 ? name.replace(brand, sold) : name,
    category: kind.category,
    subcategory: version === 0 ? kind.name : moved.name,
    brand: version === 2 ? sold : brand,
  };
}

/** The products with their versions, over the days of the base years. */
export function products(
  seed: number,
  days: readonly CalendarDay[],
): { rows: ProductRow[]; sold: SoldProduct[] } {
  const rows: ProductRow[] = [];
  const sold: SoldProduct[] = [];
  const priceSalt = saltOf(seed, "price");
  for (let index = 0; index < productCount; index++) {
    const named = nameOf(index, seed);
    const changes = changesOf(index, days, seed);
    const starts = [days[0] as CalendarDay, ...changes];
    const [from, to] = named.kind.price;
    sold.push({
      firstKey: rows.length + 1,
      second: changes[0]?.time_key ?? never,
      third: changes[1]?.time_key ?? never,
      // Prices end in 9, as they do.
      priceCents: Math.floor((from + below(to - from + 1, randomAt(priceSalt, index))) / 10) * 10 + 9,
      costPermille: named.kind.costPermille,
    });
    starts.forEach((start, version) => {
      rows.push({
        product_key: rows.length + 1,
        product_id: `P-${String(index + 1).padStart(5, "0")}`,
        ...versionOf(named, version, index, seed),
        effective_date: start.date,
        expiration_date: starts[version + 1]?.date ?? null,
        is_current: version === starts.length - 1,
      });
    });
  }
  return { rows, sold };
}

/**
 * Which product is sold from each place. Popularity falls with the rank (Zipf-Mandelbrot), such that a fifth of the
 * products makes about four fifths of the lines; which product has which rank is decided by the seed.
 */
export function soldPlaces(seed: number, sold: readonly SoldProduct[]): SoldProduct[] {
  const ranked = shuffled(sold, saltOf(seed, "popularity"));
  const weights = ranked.map((_, rank) => Math.floor(1_000_000_000 / (rank + 4)));
  return weightedSlots(weights, productSlots).map((rank) => ranked[rank] as SoldProduct);
}
