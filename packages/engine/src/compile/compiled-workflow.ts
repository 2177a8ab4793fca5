import {
  type EdgeModel,
  type Field,
  invariant,
  type NodeModel,
  type RouteModel,
  type Workflow,
  type WorkflowModel,
} from "@agentflow/core";

/** A field with the name it has in the state. */
export interface CompiledField {
  readonly name: string;
  readonly field: Field;
}

/** A node with everything that leaves it, in declared order. */
export interface CompiledNode {
  readonly index: number;
  readonly name: string;
  readonly model: NodeModel;
  readonly edges: readonly EdgeModel[];
  readonly routes: readonly RouteModel[];
  readonly isExit: boolean;
}

/** A join with the nodes from which one of its predecessors can still be reached without passing the join. */
export interface CompiledJoin {
  readonly node: CompiledNode;
  readonly predecessors: readonly string[];
  readonly settled: boolean;
  readonly upstream: ReadonlySet<string>;
}

/** A workflow prepared for execution; made once per workflow and process. */
export interface CompiledWorkflow {
  readonly workflow: Workflow;
  readonly model: WorkflowModel;
  readonly fields: readonly CompiledField[];
  readonly fieldByName: ReadonlyMap<string, Field>;
  /** Field to its quoted name and colon, as they stand in the JSON of a delta. */
  readonly jsonKeys: ReadonlyMap<string, string>;
  readonly nodes: ReadonlyMap<string, CompiledNode>;
  readonly joins: readonly CompiledJoin[];
  readonly entry: CompiledNode;
  /** Whether an input or field schema must see what a scope starts with. */
  readonly hasInputSchema: boolean;
}

const compiled = new WeakMap<Workflow, CompiledWorkflow>();

/** Prepares a checked workflow for execution: lookups by name, edges by node, upstream sets of joins (S15). */
export function compile(workflow: Workflow): CompiledWorkflow {
  const known = compiled.get(workflow);
  if (known !== undefined) return known;
  const made = compileModel(workflow);
  compiled.set(workflow, made);
  return made;
}

function compileModel(workflow: Workflow): CompiledWorkflow {
  const { model } = workflow;
  const fields = Object.entries(model.fields).map(([name, field]) => ({ name, field }));
  const edges = groupByFrom(model.edges);
  const routes = groupByFrom(model.routes);
  const exits = new Set(model.exits);
  const nodes = new Map<string, CompiledNode>();
  for (const [index, node] of model.nodes.entries()) {
    nodes.set(node.name, {
      index,
      name: node.name,
      model: node,
      edges: edges.get(node.name) ?? [],
      routes: routes.get(node.name) ?? [],
      isExit: exits.has(node.name),
    });
  }
  const entry = nodes.get(model.entry);
  invariant(entry !== undefined, `workflow ${model.name} has no entry node ${model.entry}`);
  const fieldByName = new Map(fields.map(({ name, field }) => [name, field]));
  const jsonKeys = new Map(fields.map(({ name }) => [name, `${JSON.stringify(name)}:`]));
  const hasInputSchema =
    model.inputSchema !== undefined || fields.some(({ field }) => field.schema !== undefined);
  return {
    workflow,
    model,
    fields,
    fieldByName,
    jsonKeys,
    nodes,
    joins: compileJoins(model, nodes),
    entry,
    hasInputSchema,
  };
}

function compileJoins(model: WorkflowModel, nodes: ReadonlyMap<string, CompiledNode>): CompiledJoin[] {
  const sources = sourcesByTarget(model);
  const joins: CompiledJoin[] = [];
  for (const node of nodes.values()) {
    const { join } = node.model;
    if (join === undefined) continue;
    joins.push({
      node,
      predecessors: join.predecessors,
      settled: join.when === "settled",
      upstream: upstreamOf(node.name, join.predecessors, sources),
    });
  }
  return joins;
}

function sourcesByTarget(model: WorkflowModel): Map<string, Set<string>> {
  const sources = new Map<string, Set<string>>();
  const add = (from: string, to: string): void => {
    const known = sources.get(to);
    if (known === undefined) sources.set(to, new Set([from]));
    else known.add(from);
  };
  for (const edge of model.edges) add(edge.from, edge.to);
  for (const node of model.nodes) for (const target of node.gotos) add(node.name, target);
  return sources;
}

function upstreamOf(
  join: string,
  predecessors: readonly string[],
  sources: Map<string, Set<string>>,
): Set<string> {
  const upstream = new Set<string>();
  const open = predecessors.filter((name) => name !== join);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (upstream.has(name)) continue;
    upstream.add(name);
    for (const source of sources.get(name) ?? []) if (source !== join) open.push(source);
  }
  return upstream;
}

function groupByFrom<T extends { readonly from: string }>(members: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const member of members) {
    const group = groups.get(member.from);
    if (group === undefined) groups.set(member.from, [member]);
    else group.push(member);
  }
  return groups;
}
