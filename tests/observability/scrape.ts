import assert from "node:assert/strict";
import { createRequire } from "node:module";

interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: string }[];
}

// It has no types of its own.
const require = createRequire(import.meta.url);
const parse: (text: string) => readonly ParsedFamily[] = require("parse-prometheus-text-format");

/** One series as Prometheus reads it; a histogram's value is its count. */
export interface ScrapedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Cumulative counts by upper bound, of a histogram. */
  readonly buckets: Readonly<Record<string, number>>;
}

/** One metric with its series. */
export interface ScrapedFamily {
  readonly type: string;
  readonly help: string;
  readonly series: readonly ScrapedSeries[];
}

/** Metrics as a parser that is not ours reads them, by name. */
export class Scrape {
  readonly families: ReadonlyMap<string, ScrapedFamily>;

  constructor(text: string) {
    // The parser drops the labels of histograms; without the comments it reads every line as a series of its own.
    const lines = new Map<string, ParsedFamily["metrics"]>();
    for (const { name, metrics } of parse(text.replace(/^#.*\n/gm, "")))
      lines.set(name, [...(lines.get(name) ?? []), ...metrics]);
    this.families = new Map(
      parse(text).map(({ name, type, help }) => {
        const isHistogram = type === "HISTOGRAM";
        const buckets = lines.get(`${name}_bucket`) ?? [];
        const series = (lines.get(isHistogram ? `${name}_count` : name) ?? []).map(
          ({ labels = {}, value }) => ({
            labels,
            value: Number(value),
            buckets: Object.fromEntries(
              buckets
                .filter((bucket) => hasLabels(bucket.labels, labels))
                .map((bucket) => [bucket.labels?.["le"], Number(bucket.value)]),
            ),
          }),
        );
        return [name, { type: type.toLowerCase(), help, series }];
      }),
    );
  }

  /** The series of a metric that have these labels, perhaps among others, added up; undefined if there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.families.get(name)?.series.filter((each) => hasLabels(each.labels, labels)) ?? [];
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }
}

function hasLabels(
  labels: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Reads metrics over HTTP as Prometheus does. */
export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(url, { headers: { accept: "text/plain;version=0.0.4" } });
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  return new Scrape(await response.text());
}
