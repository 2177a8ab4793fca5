import {
  deepFreeze,
  formatStepId,
  invariant,
  type JournalEntry,
  type Json,
  type RunStore,
  type ScopeRecord,
  type StepDetail,
  type StepRow,
} from "@agentflow/core";
import { artifactsOf, type StagedStep } from "../schedule/staged-step.ts";

/** The large values that the rows of a scope refer to, read at once (S17). */
export class Blobs {
  readonly #json: ReadonlyMap<string, string>;
  readonly #values = new Map<string, Json>();

  constructor(json: ReadonlyMap<string, string>) {
    this.#json = json;
  }

  static async of(
    run: { readonly tenant: string; readonly runId: string; readonly runs: RunStore },
    record: ScopeRecord,
  ): Promise<Blobs> {
    const hashes = hashesOf(record);
    return new Blobs(
      hashes.length === 0 ? new Map() : await run.runs.readBlobs(run.tenant, run.runId, hashes),
    );
  }

  static stepIdOf(row: { scope: string; superstep: number; node: string; item: number }): string {
    const { scope, superstep, node, item } = row;
    return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
  }

  stepId(row: { scope: string; superstep: number; node: string; item: number }): string {
    return Blobs.stepIdOf(row);
  }

  /** The staged form of a committed outcome. */
  staged(row: StepRow): StagedStep {
    const detail = row.detail === undefined ? {} : (JSON.parse(row.detail) as StepDetail);
    return {
      stepId: this.stepId(row),
      node: row.node,
      ordinal: row.ordinal,
      values: this.join(row.delta, detail.refs),
      goto: detail.goto,
      artifacts: artifactsOf(detail),
    };
  }

  /** Fields kept in a row together with those kept as blobs; `refs` as an object or as JSON. */
  join(
    json: string,
    refs: Readonly<Record<string, string>> | string | undefined,
  ): Readonly<Record<string, Json>> {
    const small = deepFreeze(JSON.parse(json) as Record<string, Json>) as Record<string, Json>;
    if (refs === undefined) return small;
    const named = typeof refs === "string" ? (JSON.parse(refs) as Record<string, string>) : refs;
    const whole = { ...small };
    for (const [name, hash] of Object.entries(named)) whole[name] = this.#value(hash);
    return whole;
  }

  /** The entry with its value in place. */
  entry(entry: JournalEntry): JournalEntry {
    if (entry.ref !== true) return entry;
    const { ref: _ref, value, ...rest } = entry;
    return { ...rest, value: this.#text(value) };
  }

  #value(hash: string): Json {
    const known = this.#values.get(hash);
    if (known !== undefined) return known;
    const value = deepFreeze(JSON.parse(this.#text(hash)) as Json) as Json;
    this.#values.set(hash, value);
    return value;
  }

  #text(hash: string): string {
    const text = this.#json.get(hash);
    invariant(text !== undefined, `the store gave no blob ${hash}`);
    return text;
  }
}

/** SHA-256 of every large value that rows refer to. */
export function hashesOf(record: ScopeRecord): string[] {
  const hashes = new Set<string>();
  const addRefs = (refs: Readonly<Record<string, string>> | undefined): void => {
    for (const hash of Object.values(refs ?? {})) hashes.add(hash);
  };
  const addEntries = (entries: readonly JournalEntry[] | undefined): void => {
    for (const entry of entries ?? []) if (entry.ref === true) hashes.add(entry.value);
  };
  if (record.snapshot?.refs !== undefined)
    addRefs(JSON.parse(record.snapshot.refs) as Record<string, string>);
  for (const { detail } of record.steps) {
    if (detail === undefined) continue;
    const parsed = JSON.parse(detail) as StepDetail;
    addRefs(parsed.refs);
    addEntries(parsed.entries);
  }
  for (const { entry } of record.journal) addEntries([entry]);
  for (const { entries } of record.attempts) {
    if (entries !== undefined) addEntries(JSON.parse(entries) as JournalEntry[]);
  }
  return [...hashes];
}
