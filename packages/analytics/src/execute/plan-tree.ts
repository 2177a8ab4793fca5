/** An operator of a plan as DuckDB explains it in JSON. */
interface PlanNode {
  readonly name?: string;
  readonly children?: readonly PlanNode[];
  readonly extra_info?: Readonly<Record<string, unknown>>;
}

// What tells one operator from another; estimates and lists of files would only make it long.
const told = ["Join Type", "Conditions", "Groups", "Order By", "Filters", "Top"] as const;

/**
 * Writes a plan as one line for each operator, what it takes its rows from below it. Equal neighbours are counted, and
 * projections, which only rename and compute columns, are left out.
 */
export function planTree(json: string): string {
  const roots = JSON.parse(json) as readonly PlanNode[];
  return lines(roots, 0).join("\n");
}

function lines(nodes: readonly PlanNode[], depth: number): string[] {
  const subtrees = nodes
    .flatMap(withoutProjections)
    .map((node) => [`${"  ".repeat(depth)}${title(node)}`, ...lines(node.children ?? [], depth + 1)]);
  const merged: { readonly subtree: readonly string[]; count: number }[] = [];
  for (const subtree of subtrees) {
    const last = merged.at(-1);
    if (last !== undefined && last.subtree.join("\n") === subtree.join("\n")) last.count += 1;
    else merged.push({ subtree, count: 1 });
  }
  return merged.flatMap(({ subtree: [head, ...rest], count }) => [
    count === 1 ? (head ?? "") : `${head}  (${count} times)`,
    ...rest,
  ]);
}

function withoutProjections(node: PlanNode): readonly PlanNode[] {
  return node.name?.trim() === "PROJECTION" ? (node.children ?? []).flatMap(withoutProjections) : [node];
}

function title({ name = "", extra_info = {} }: PlanNode): string {
  const details = told.flatMap((key) => {
    const value = extra_info[key];
    if (value === undefined || value === "") return [];
    return [
      `${key.toLowerCase()}: ${Array.isArray(value) ? value.join(", ") : String(value).replaceAll("\n", ", ")}`,
    ];
  });
  return [name.trim(), ...details].join("  ");
}
