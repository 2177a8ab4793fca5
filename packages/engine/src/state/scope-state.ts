import { encodeJson, type Json, type JsonObject } from "@agentflow/core";
import type { CompiledField, CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { ChunkedList } from "./chunked-list.ts";

const noItems: readonly Json[] = Object.freeze([]);

/** The value of each field a fold gives; `append` holds only what is added. */
export type FoldResult = ReadonlyMap<string, Json>;

/**
 * The state of one scope: the fold of its committed deltas over its input (I2). Nodes read it through a frozen view
 * that stays valid while later folds go on.
 *
 * 1. Only `apply` changes it, at a seal; a seal that fails takes its fold back.
 * 2. Append fields are chunked; a view of one is made only when a node reads it.
 */
export class ScopeState {
  readonly #workflow: CompiledWorkflow;
  readonly #values: Record<string, Json | undefined> = {};
  readonly #lists = new Map<string, ChunkedList>();
  #view: object | undefined;

  /** From canonical values: the input of the scope over the fields' defaults, or a snapshot. */
  constructor(workflow: CompiledWorkflow, values: Readonly<Record<string, Json | undefined>>) {
    this.#workflow = workflow;
    for (const { name, field } of workflow.fields) {
      const given = values[name];
      const value = given === undefined ? field.initial : given;
      if (field.kind === "append") this.#lists.set(name, new ChunkedList((value ?? []) as readonly Json[]));
      else this.#values[name] = value;
    }
  }

  /** The encoded value of a field; an append field's list is made for it. */
  get(name: string): Json | undefined {
    const list = this.#lists.get(name);
    return list === undefined ? this.#values[name] : list.view(list.length);
  }

  /** Takes a fold in; what it returns takes the same fold back, as long as no other one has followed. */
  apply(fold: FoldResult): () => void {
    const before: (Json | undefined)[] = [];
    for (const [name, value] of fold) {
      const list = this.#lists.get(name);
      before.push(list === undefined ? this.#values[name] : list.length);
      if (list === undefined) this.#values[name] = value;
      else list.append(value as readonly Json[]);
    }
    this.#view = undefined;
    return () => this.#takeBack(fold, before);
  }

  #takeBack(fold: FoldResult, before: readonly (Json | undefined)[]): void {
    let index = 0;
    for (const name of fold.keys()) {
      const earlier = before[index++];
      const list = this.#lists.get(name);
      if (list === undefined) this.#values[name] = earlier;
      else list.truncate(earlier as number);
    }
    this.#view = undefined;
  }

  /** What nodes, routers and item lists read: one frozen object per seal. */
  get view(): object {
    this.#view ??= this.#makeView();
    return this.#view;
  }

  /** All fields as one JSON object, in declared order. */
  toJson(): JsonObject {
    const json: Record<string, Json> = {};
    for (const { name } of this.#workflow.fields) {
      const value = this.get(name);
      if (value !== undefined) json[name] = value;
    }
    return json;
  }

  #makeView(): object {
    const view = {};
    for (const member of this.#workflow.fields) this.#addField(view as Record<string, unknown>, member);
    return Object.freeze(view);
  }

  #addField(view: Record<string, unknown>, { name, field }: CompiledField): void {
    const list = this.#lists.get(name);
    if (field.codecId === undefined && (list === undefined || list.length === 0)) {
      view[name] = list === undefined ? this.#values[name] : noItems;
      return;
    }
    const value = this.#values[name];
    const length = list?.length ?? 0;
    const read = (): Json | undefined => (list === undefined ? value : list.view(length));
    // A decoded value may be mutable (a Date, a Map): each reader gets its own, so that none changes another's.
    const get = (): unknown => {
      const json = read();
      return json === undefined || field.codecId === undefined ? json : field.decode(json);
    };
    Object.defineProperty(view, name, { get, enumerable: true });
  }
}

/** Encodes an input given as field values; returns the canonical JSON and the value per field. */
export function encodeInput(
  input: Readonly<Record<string, unknown>>,
  workflow: CompiledWorkflow,
  where: string,
): { json: string; values: JsonObject } {
  const plain: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(input)) {
    if (given === undefined) continue;
    const field = workflow.fieldByName.get(name);
    plain[name] = field === undefined ? given : field.encode(given as never);
  }
  const { json, value } = encodeJson(plain, where);
  return { json, values: value as JsonObject };
}
