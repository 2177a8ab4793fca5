/** The moment of the first seeded run, and how far apart two of them are, in milliseconds. */
export const firstRunAt = Date.UTC(2026, 0, 1);
export const runIntervalMs = 25;

/** A list of runs as a caller asks for it, and as the options of `af runs`. */
export interface ListFilter {
  readonly name: string;
  readonly query: Readonly<Record<string, unknown>> & { readonly tenant: string; readonly limit: number };
  readonly options: readonly string[];
}

/** Id of the nth seeded run. */
export function seededRunId(nth: number): string {
  return `01${String(nth).padStart(24, "0")}`;
}

/**
 * One filter of each kind and the combinations that a store finds hard: few hits among many runs, hits that are all old,
 * two filters that many runs fit and none fits both, a page far down, and the longest list.
 */
export function listFilters(runs: number): readonly ListFilter[] {
  const at = (share: number): number => firstRunAt + Math.floor(runs * share) * runIntervalMs;
  const time = (share: number): string => new Date(at(share)).toISOString();
  // The next one after each fifth is of the tenant default.
  const middle = seededRunId(Math.floor(runs / 10) * 5 + 1);
  const filter = (
    name: string,
    query: Readonly<Record<string, unknown>>,
    ...options: readonly string[]
  ): ListFilter => ({ name, query: { tenant: "default", limit: 20, ...query }, options });
  return [
    filter("all, newest", {}),
    filter("all, 1,000 of them", { limit: 1_000 }, "--limit", "1000"),
    filter("a page in the middle", { after: middle }, "--after", middle),
    filter("status, many hits", { status: ["succeeded"] }, "--status", "succeeded"),
    filter("status, all hits old", { status: ["failed"] }, "--status", "failed"),
    filter("status, ten hits", { status: ["cancelled"] }, "--status", "cancelled"),
    filter(
      "unfinished statuses",
      { status: ["running", "waiting", "paused"] },
      ...["running", "waiting", "paused"].flatMap((status) => ["--status", status]),
    ),
    filter("workflow, many hits", { workflow: "research" }, "--workflow", "research"),
    filter("workflow, few and old hits", { workflow: "retired" }, "--workflow", "retired"),
    filter("workflow, no hit", { workflow: "unknown" }, "--workflow", "unknown"),
    filter(
      "workflow and status, no common hit",
      { workflow: "report", status: ["failed"] },
      "--workflow",
      "report",
      "--status",
      "failed",
    ),
    filter(
      "created in an hour long ago",
      { createdAfter: at(0.1), createdBefore: at(0.1) + 3_600_000 },
      "--since",
      time(0.1),
      "--until",
      new Date(at(0.1) + 3_600_000).toISOString(),
    ),
    filter(
      "created before, with status and workflow",
      { createdBefore: at(0.5), status: ["failed"], workflow: "import" },
      "--until",
      time(0.5),
      "--status",
      "failed",
      "--workflow",
      "import",
    ),
    filter("another tenant", { tenant: "acme" }, "--tenant", "acme"),
    filter("a tenant with one run", { tenant: "solo" }, "--tenant", "solo"),
  ];
}
