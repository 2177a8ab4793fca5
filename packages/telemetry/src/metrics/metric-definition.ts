/** What a metric counts or measures, and by which labels. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending. */
  readonly buckets?: readonly number[];
}

/** Where two definitions of one name differ; undefined if they are of one shape. */
export function differenceOf(one: MetricDefinition, other: MetricDefinition): string | undefined {
  if (one.type !== other.type) return `type ${one.type} against ${other.type}`;
  const labels = [one.labels.join(", "), other.labels.join(", ")];
  if (labels[0] !== labels[1]) return `labels (${labels[0]}) against (${labels[1]})`;
  const buckets = [one.buckets?.join(", "), other.buckets?.join(", ")];
  return buckets[0] === buckets[1] ? undefined : `buckets ${buckets[0]} against ${buckets[1]}`;
}
