import { below, randomAt, saltOf, shuffled } from "../generate/random.ts";
import { type Country, countries, townParts } from "./place-names.ts";

/** A row of dim_geography. */
export interface GeographyRow {
  readonly geo_key: number;
  readonly region: string;
  readonly country: string;
  readonly state: string;
  readonly city: string;
  readonly lat: number;
  readonly lon: number;
}

const townsPerState = 26;

function townNames({ name, language }: Country, seed: number): string[] {
  const { first, last } = townParts[language];
  const names = first.flatMap((beginning) =>
    last.filter((ending) => ending !== beginning.toLowerCase()).map((ending) => `${beginning}${ending}`),
  );
  return shuffled(names, saltOf(seed, `towns of ${name}`));
}

function near(middle: number, spread: number, bits: number): number {
  return Math.round((middle + spread * ((2 * bits) / 0xffffffff - 1)) * 10_000) / 10_000;
}

/** The towns in which something is sold: 26 in each state of 24 countries. */
export function geographyRows(seed: number): GeographyRow[] {
  const [latSalt, lonSalt] = [saltOf(seed, "latitude"), saltOf(seed, "longitude")];
  const places = countries.flatMap((country) => {
    const names = townNames(country, seed);
    return country.states.flatMap((state, index) =>
      names
        .slice(index * townsPerState, (index + 1) * townsPerState)
        .map((city) => ({ country, state, city })),
    );
  });
  return places.map(({ country, state, city }, index) => ({
    geo_key: index + 1,
    region: country.region,
    country: country.name,
    state,
    city,
    lat: near(country.lat, country.spread, randomAt(latSalt, index)),
    lon: near(country.lon, country.spread, randomAt(lonSalt, index)),
  }));
}

/** How much is sold in each town, in their order: a few large ones, many small ones. */
export function townWeights(towns: number, seed: number): number[] {
  const salt = saltOf(seed, "towns");
  return Array.from({ length: towns }, (_, index) => {
    const rank = below(1000, randomAt(salt, index));
    return Math.floor(1_000_000 / (rank + 20));
  });
}
