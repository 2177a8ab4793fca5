import { parser } from "@prometheus-io/lezer-promql";

/** A series that a query selects, and the labels by which it does. */
export interface Selected {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What a query of Prometheus uses. */
export interface QueryUse {
  /** Where the parser met what it does not know; undefined for a query that it understands. */
  readonly problem: string | undefined;
  readonly selected: readonly Selected[];
  /** Labels by which something is grouped. */
  readonly grouped: readonly string[];
}

/** Reads a query with the grammar of Prometheus' own editor. Variables of Grafana stand for any text. */
export function useOf(query: string): QueryUse {
  const selected: { metric: string; labels: string[] }[] = [];
  const grouped: string[] = [];
  let problem: string | undefined;
  let isGrouping = false;
  const textOf = ({ from, to }: { from: number; to: number }): string => query.slice(from, to);
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) problem ??= `at ${node.from}: ${query.slice(node.from, node.from + 20)}`;
      if (node.name === "VectorSelector") selected.push({ metric: "", labels: [] });
      if (node.name === "GroupingLabels") isGrouping = true;
      const last = selected.at(-1);
      if (node.name === "Identifier" && last?.metric === "") last.metric = textOf(node);
      if (node.name === "LabelName") {
        if (isGrouping) grouped.push(textOf(node));
        else last?.labels.push(textOf(node));
      }
    },
    leave: (node) => {
      if (node.name === "GroupingLabels") isGrouping = false;
    },
  });
  return { problem, selected, grouped };
}
