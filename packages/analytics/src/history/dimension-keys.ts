/**
 * The keys of the dimension tables of `runs`. A thing keeps its key for ever; what is new gets the next one. One table is
 * small, for it has a row per workflow version, node, model or day, and not per run.
 */
import { parseStepId, type RunOrigin } from "@agentflow/core";

/** The dimension tables, by name. */
export const dimensionTables = [
  "dim_time",
  "dim_tenant",
  "dim_workflow",
  "dim_node",
  "dim_model",
  "dim_agent",
] as const;

/** The name of a dimension table. */
export type DimensionTable = (typeof dimensionTables)[number];

type Member = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const none = "none";

/** What tells the rows of each table apart, beside the key. */
const identities: Readonly<Record<Exclude<DimensionTable, "dim_time">, readonly string[]>> = {
  dim_tenant: ["tenant"],
  dim_workflow: ["workflow", "version", "fingerprint"],
  dim_node: ["workflow", "path"],
  dim_model: ["provider", "model"],
  dim_agent: ["agent"],
};

class Members {
  readonly rows: Member[];
  readonly #key: string;
  readonly #identity: readonly string[];
  readonly #keys = new Map<string, number>();

  constructor(key: string, identity: readonly string[], rows: readonly Member[]) {
    this.#key = key;
    this.#identity = identity;
    this.rows = [...rows];
    for (const row of rows) this.#keys.set(this.#idOf(row), Number(row[key]));
  }

  keyOf(member: Member): number {
    const id = this.#idOf(member);
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = Number(this.rows.at(-1)?.[this.#key] ?? -1) + 1;
    this.#keys.set(id, key);
    this.rows.push({ [this.#key]: key, ...member });
    return key;
  }

  #idOf(member: Member): string {
    return JSON.stringify(this.#identity.map((name) => member[name]));
  }
}

/** Gives the keys that facts refer to. */
export class DimensionKeys {
  readonly #days = new Map<number, Member>();
  readonly #members: Readonly<Record<Exclude<DimensionTable, "dim_time">, Members>>;
  readonly #paths = new Map<string, number>();

  /** Goes on with the rows of a dataset, each table ordered by its key. */
  constructor(rows: Readonly<Partial<Record<DimensionTable, readonly Member[]>>> = {}) {
    const members = (table: Exclude<DimensionTable, "dim_time">): Members =>
      new Members(`${table.slice(4)}_key`, identities[table], rows[table] ?? []);
    this.#members = {
      dim_tenant: members("dim_tenant"),
      dim_workflow: members("dim_workflow"),
      dim_node: members("dim_node"),
      dim_model: members("dim_model"),
      dim_agent: members("dim_agent"),
    };
    for (const row of rows.dim_time ?? []) this.#days.set(Number(row["time_key"]), row);
    this.#members.dim_model.keyOf({ provider: none, model: none });
    this.#members.dim_agent.keyOf({ agent: none });
  }

  /** The rows of a table, ordered by its key. */
  rows(table: DimensionTable): readonly Member[] {
    if (table !== "dim_time") return this.#members[table].rows;
    return [...this.#days.values()].sort((a, b) => Number(a["time_key"]) - Number(b["time_key"]));
  }

  /** The day in UTC of a time in milliseconds since 1970: the columns `date`, `time_key` and `started_ms` of a fact. */
  day(atMs: number): { readonly date: string; readonly time_key: number; readonly started_ms: number } {
    const startedMs = Math.max(0, Math.floor(atMs));
    const at = new Date(startedMs);
    const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
    const key = year * 10_000 + month * 100 + day;
    const date = at.toISOString().slice(0, 10);
    if (!this.#days.has(key)) {
      const weekday = (at.getUTCDay() + 6) % 7;
      this.#days.set(key, {
        time_key: key,
        date,
        year,
        quarter: Math.ceil(month / 3),
        month,
        day,
        week: new Date(startedMs - weekday * dayMs).toISOString().slice(0, 10),
        is_weekend: weekday > 4,
      });
    }
    return { date, time_key: key, started_ms: startedMs };
  }

  tenant(tenant: string): number {
    return this.#members.dim_tenant.keyOf({ tenant });
  }

  workflow({ workflow, version, fingerprint }: RunOrigin): number {
    return this.#members.dim_workflow.keyOf({ workflow, version, fingerprint });
  }

  /** A node of a workflow; `scope` is the step id of the nested-workflow step that it is in, "" for the root. */
  node(workflow: string, scope: string, node: string): number {
    // Steps of one scope follow on each other, and parsing its id for each would be most of the work.
    const place = `${workflow}\n${scope}\n${node}`;
    const known = this.#paths.get(place);
    if (known !== undefined) return known;
    const outer = scope === "" ? [] : scope.split("/").map((segment) => parseStepId(segment).node);
    const key = this.#members.dim_node.keyOf({
      workflow,
      path: [...outer, node].join("/"),
      node,
      depth: outer.length,
    });
    if (this.#paths.size >= 10_000) this.#paths.clear();
    this.#paths.set(place, key);
    return key;
  }

  model(provider: string, model: string): number {
    return this.#members.dim_model.keyOf({ provider, model });
  }

  /** The record of a run does not name agents yet. */
  get noAgent(): number {
    return this.#members.dim_agent.keyOf({ agent: none });
  }
}
