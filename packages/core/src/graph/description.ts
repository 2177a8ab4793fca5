import type { Json } from "../encoding/json.ts";
import type { FieldKind, FieldPresence } from "../state/field.ts";
import type { JoinWhen } from "./placement.ts";

/**
 * A workflow as JSON (ENG-4): everything that its fingerprint covers and nothing else, so that equal definitions have
 * equal descriptions (S19). Order is kept where it means something: the edges and gotos of a node.
 */
export interface WorkflowDescription {
  /** Version of this shape. */
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly fields: Readonly<Record<string, FieldDescription>>;
  readonly nodes: Readonly<Record<string, NodeDescription>>;
  readonly entry: string;
  /** In ascending order of name. */
  readonly exits: readonly string[];
  /** "fail", "lastWriterWins" or the id of a merge hook. */
  readonly conflict: string;
}

/** One field of the state. */
export interface FieldDescription {
  readonly kind: FieldKind;
  readonly presence: FieldPresence;
  readonly reducer: string;
  readonly codec?: string;
  /** The encoded default, where there is one. */
  readonly initial?: Json;
}

/** One node with the ways out of it. */
export interface NodeDescription {
  readonly kind: "node" | "map";
  readonly join?: { readonly predecessors: readonly string[]; readonly when: JoinWhen };
  /** In declared order. */
  readonly edges: readonly EdgeDescription[];
  /** Declared goto targets, in declared order. */
  readonly gotos: readonly string[];
  /** The body is the function of a flow, whose steps are known only once it runs. */
  readonly flow?: true;
  /** The workflow that runs as the node's body. */
  readonly nested?: WorkflowDescription;
}

/** One way out of a node. Edges with the same `route` belong to one router. */
export interface EdgeDescription {
  readonly to: string;
  readonly kind: "plain" | "join" | "route";
  readonly route?: number;
}
